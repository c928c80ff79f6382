//! One network of a checkpoint: its configuration, and where each of its parameters lies.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use super::refusal;
use crate::{
    Error,
    device::Placement,
    weights::{Parameter, TensorFile, Weights},
};

/// How a parameter differs from the tensor that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A 1×1 convolution, as the matrix that it is.
    Matrix,
    /// A matrix that was written to be multiplied from the other side.
    Turned,
    /// This third of the rows: q, k and v stacked.
    Third(usize),
}

/// The parameters that are made of one tensor.
type Made = Vec<(String, Change)>;

/// One network.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// What errors call it.
    name: String,
    config: String,
    /// Parameters that are tensors as they are, by the name that the network asks for.
    plain: BTreeMap<String, (Arc<TensorFile>, String)>,
    /// Parameters made from a tensor, by that tensor's name.
    made: BTreeMap<String, (Arc<TensorFile>, Made)>,
    /// The names of all parameters, by which two of the same are found.
    wanted: BTreeSet<String>,
    /// Whether its numbers are handed out without a look at them.
    unread: bool,
}

impl Part {
    pub(super) fn new(path: &Path) -> Self {
        Self::named(path.display().to_string(), String::new())
    }

    fn named(name: String, config: String) -> Self {
        let (plain, made, wanted) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { name, config, plain, made, wanted, unread: false }
    }

    pub(super) fn with_config(mut self, config: String) -> Self {
        self.config = config;
        self
    }

    /// The same with numbers that nobody looks at.
    pub(super) fn unread(&self) -> Self {
        Self { unread: true, ..self.clone() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.made.is_empty()
    }

    /// The tensor `source` is the parameter `wanted`.
    pub(super) fn add(&mut self, file: &Arc<TensorFile>, source: &str, wanted: String) -> Result<(), Error> {
        self.claim(file, &wanted)?;
        self.plain.insert(wanted, (file.clone(), source.to_owned()));
        Ok(())
    }

    /// The tensor `source` is made into the parameters `wanted`.
    pub(super) fn make(&mut self, file: &Arc<TensorFile>, source: &str, wanted: Made) -> Result<(), Error> {
        let shape = file.shape(source).unwrap_or_default();
        if let Some((_, change)) = wanted.iter().find(|(_, change)| !change.fits(shape)) {
            return Err(refusal(
                file.path(),
                format!("tensor {source} has shape {shape:?}; {}", change.needs()),
            ));
        }
        for (name, _) in &wanted {
            self.claim(file, name)?;
        }
        self.made.insert(source.to_owned(), (file.clone(), wanted));
        Ok(())
    }

    fn claim(&mut self, file: &TensorFile, wanted: &str) -> Result<(), Error> {
        if self.wanted.insert(wanted.to_owned()) {
            return Ok(());
        }
        Err(refusal(file.path(), format!("two of its tensors are {wanted}")))
    }

    /// The same part under other names; none leaves a tensor out.
    pub(super) fn renamed(
        &self,
        rename: impl Fn(&str) -> Option<(String, Option<Change>)>,
    ) -> Result<Self, Error> {
        let mut renamed = Self::named(self.name.clone(), self.config.clone());
        for (source, (file, wanted)) in &self.made {
            renamed.make(file, source, wanted.clone())?;
        }
        for (name, (file, source)) in &self.plain {
            match rename(name) {
                None => {}
                Some((name, None)) => renamed.add(file, source, name)?,
                Some((name, Some(change))) => renamed.make(file, source, vec![(name, change)])?,
            }
        }
        Ok(renamed)
    }

    /// The shape of the parameter `name`, which must be a tensor as it is.
    pub(super) fn shape(&self, name: &str) -> Option<&[usize]> {
        let (file, source) = self.plain.get(name)?;
        file.shape(source)
    }

    /// The shape of the tensor whose name ends with `source` and that parameters are made of.
    pub(super) fn made_shape(&self, source: &str) -> Option<&[usize]> {
        let (name, (file, _)) = self.made.iter().find(|(name, _)| name.ends_with(source))?;
        file.shape(name)
    }

    /// Names of the parameters that are tensors as they are.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.plain.keys().map(String::as_str)
    }

    pub(super) fn load(&self, placement: &Placement) -> Result<(&str, Weights), Error> {
        let mut made = BTreeMap::new();
        for (source, (file, wanted)) in &self.made {
            let parameter = if self.unread { file.unread(source)? } else { file.parameter(source)? };
            made.extend(wanted.iter().map(|(name, change)| (name.clone(), change.of(&parameter))));
        }
        let weights = Weights::from_parts(&self.name, self.plain.clone(), made, placement.clone());
        Ok((&self.config, if self.unread { weights.with_unread() } else { weights }))
    }

    pub(super) fn size(&self) -> u64 {
        self.sources().filter_map(|(file, source)| file.size(source)).sum()
    }

    /// Reads every tensor once; `progress` hears of the bytes of each.
    pub(super) fn check(&self, progress: &mut impl FnMut(u64)) -> Result<(), Error> {
        for (file, source) in self.sources() {
            file.parameter(source)?;
            progress(file.size(source).unwrap_or_default());
        }
        Ok(())
    }

    fn sources(&self) -> impl Iterator<Item = (&Arc<TensorFile>, &str)> {
        let plain = self.plain.values().map(|(file, source)| (file, source.as_str()));
        plain.chain(self.made.iter().map(|(source, (file, _))| (file, source.as_str())))
    }
}

impl Change {
    fn fits(self, shape: &[usize]) -> bool {
        match (self, shape) {
            (Self::Matrix, &[_, _] | &[_, _, 1] | &[_, _, 1, 1]) | (Self::Turned, &[_, _]) => true,
            (Self::Third(_), &[rows] | &[rows, _]) => rows.is_multiple_of(3),
            _ => false,
        }
    }

    fn needs(self) -> &'static str {
        match self {
            Self::Matrix => "a matrix or a 1×1 convolution is needed",
            Self::Turned => "a matrix is needed",
            Self::Third(_) => "rows for q, k and v are needed, as many for each",
        }
    }

    /// The parameter from a tensor that [`Self::fits`].
    fn of(self, parameter: &Parameter) -> Parameter {
        match self {
            Self::Matrix => parameter.clone().reshaped(&parameter.shape()[..2]),
            Self::Turned => parameter.transposed(),
            Self::Third(third) => {
                let rows = parameter.shape()[0] / 3;
                parameter.rows(third * rows..(third + 1) * rows)
            }
        }
    }
}
