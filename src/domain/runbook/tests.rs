//! The reference vectors and laws of runbooks.
