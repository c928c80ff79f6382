//! Logging in, or opening an account.

use tui_input::Input;

use super::super::Registration;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Field {
    /// The name.
    #[default]
    Name,
    /// The password.
    Password,
    /// The invitation.
    Invitation,
}

/// The form.
#[derive(Debug, Default)]
pub(crate) struct Login {
    /// The name.
    pub(crate) name: Input,
    /// The password.
    pub(crate) password: Input,
    /// The invitation.
    pub(crate) invitation: Input,
    /// Where the keys go.
    pub(crate) field: Field,
    /// Whether an account is being opened.
    pub(crate) registering: bool,
    /// Whether accounts can be opened here.
    pub(crate) registration: Option<Registration>,
    /// Whether an answer is awaited.
    pub(crate) waiting: bool,
    /// Why not.
    pub(crate) refusal: Option<String>,
}

impl Login {
    /// The fields that are asked for now.
    pub(crate) fn fields(&self) -> &'static [Field] {
        match (self.registering, self.registration) {
            (true, Some(Registration::Invite)) => &[Field::Name, Field::Password, Field::Invitation],
            _ => &[Field::Name, Field::Password],
        }
    }

    /// The field with the keys.
    pub(crate) fn input(&mut self) -> &mut Input {
        match self.field {
            Field::Name => &mut self.name,
            Field::Password => &mut self.password,
            Field::Invitation => &mut self.invitation,
        }
    }

    /// Moves on by one field, or back.
    pub(crate) fn next(&mut self, back: bool) {
        let fields = self.fields();
        let place = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        let place = if back { place + fields.len() - 1 } else { place + 1 };
        self.field = fields[place % fields.len()];
    }

    /// Whether accounts can be opened here.
    pub(crate) fn can_register(&self) -> bool {
        matches!(self.registration, Some(Registration::Open | Registration::Invite))
    }
}
