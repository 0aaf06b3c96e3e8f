//! List pages in the shapes of real ones.
