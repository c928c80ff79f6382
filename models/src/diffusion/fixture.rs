//! Reads the tiny checkpoints under `fixtures/` and compares with what Python has answered.

use std::{collections::BTreeMap, ops::ControlFlow, path::PathBuf, sync::Arc};

use candle_core::{DType, Device, Tensor};

use crate::{
    Error,
    device::Placement,
    weights::{Parameter, TensorFile, Weights},
};

/// One folder of fixtures.
pub(crate) struct Fixture {
    folder: PathBuf,
}

/// The tensors of a checkpoint under the names that a test gives them, and those that it has made.
pub(crate) struct Changed {
    pub(crate) tensors: BTreeMap<String, (Arc<TensorFile>, String)>,
    pub(crate) made: BTreeMap<String, Parameter>,
}

/// What a test does to a checkpoint.
type Change<'a> = Box<dyn FnOnce(&mut Changed) + 'a>;

impl Fixture {
    pub(crate) fn open(name: &str) -> Self {
        Self { folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name) }
    }

    pub(crate) fn config(&self) -> String {
        std::fs::read_to_string(self.folder.join("config.json")).unwrap()
    }

    pub(crate) fn weights(&self) -> Weights {
        let file = self.file("model.safetensors");
        Weights::new("fixture", &[file], Placement::cpu()).unwrap()
    }

    /// The checkpoint after `change`.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Changed)) -> Weights {
        let file = self.file("model.safetensors");
        let tensors = file.names().map(|name| (name.to_owned(), (file.clone(), name.to_owned()))).collect();
        let mut changed = Changed { tensors, made: BTreeMap::new() };
        change(&mut changed);
        Weights::from_parts("fixture", changed.tensors, changed.made, Placement::cpu())
    }

    /// A tensor of what Python was given or has answered.
    pub(crate) fn run(&self, name: &str) -> Tensor {
        self.run_if_any(name).unwrap_or_else(|| panic!("{name} is in runs.safetensors"))
    }

    pub(crate) fn run_if_any(&self, name: &str) -> Option<Tensor> {
        let file = self.file("runs.safetensors");
        file.shape(name)?;
        Some(file.parameter(name).unwrap().tensor(&Placement::cpu()).unwrap())
    }

    fn file(&self, name: &str) -> Arc<TensorFile> {
        TensorFile::open(&self.folder.join(name)).unwrap()
    }
}

impl Changed {
    /// Gives the tensor `from` the name `to`.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        let tensor = self.tensors.remove(from).unwrap_or_else(|| panic!("{from} is in the checkpoint"));
        self.tensors.insert(to.to_owned(), tensor);
    }
}

/// Never stops.
pub(crate) fn never() -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// ‖a − b‖ / ‖b‖.
pub(crate) fn distance(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.dims(), b.dims());
    let norm = |x: Tensor| {
        let x = x.to_dtype(DType::F64).unwrap().flatten_all().unwrap();
        x.sqr().unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap().sqrt()
    };
    norm((a - b).unwrap()) / norm(b.clone())
}

/// Zeros of this shape.
pub(crate) fn zeros(shape: &[usize]) -> Tensor {
    Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap()
}

/// A checkpoint that lies is refused with an error that names the tensor: one that is missing, under another name,
/// too much, or of another shape. `name` is a tensor of `fixture` that `load` needs.
pub(crate) fn assert_strict<T>(fixture: &Fixture, name: &str, load: impl Fn(&Weights) -> Result<T, Error>) {
    assert!(fixture.weights().contains(name), "{name} is in the checkpoint");
    let cases: [(&str, Change<'_>, &str); 4] = [
        ("missing", Box::new(|changed| drop(changed.tensors.remove(name))), name),
        ("renamed", Box::new(|changed| changed.rename(name, "elsewhere.weight")), name),
        (
            "extra",
            Box::new(|changed| drop(changed.made.insert("extra.bias".to_owned(), vector(3)))),
            "extra.bias",
        ),
        ("misshapen", Box::new(|changed| drop(changed.made.insert(name.to_owned(), vector(3)))), name),
    ];
    for (case, change, named) in cases {
        match load(&fixture.changed(change)) {
            Err(Error::Checkpoint { problem, .. }) => assert!(problem.contains(named), "{case}: {problem}"),
            Err(other) => panic!("{case}: {other:?}"),
            Ok(_) => panic!("{case}: was read"),
        }
    }
}

fn vector(length: usize) -> Parameter {
    Parameter::owned(vec![0.5; length], vec![length])
}
