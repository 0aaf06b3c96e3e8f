//! The rooms joined: the daemon from start to stop, and single pieces of work for the commands.
