//! Files as a whole, over a store and a folder of their own.
