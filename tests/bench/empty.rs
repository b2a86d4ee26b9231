//! The floor of every program: one that does nothing. What it takes is the kernel's, the linker's and
//! the standard library's.

fn main() {}
