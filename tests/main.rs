//! The integration tests: the programs themselves, as their users run them.
//!
//! One binary, so that the programs are linked once. A new test goes to the file of the program that
//! it is about; to one of the others only if it holds for all programs.

/// What the tests are written with.
mod support;

/// The tests of that: does a test fail where it should?
mod strictness;

/// One file for each program: what it answers and what it asks SES for.
mod ses_exists;
mod ses_list;
mod ses_token;
mod ses_verify;

/// The scripts: the runbook.
mod create_identity;

/// What all programs have in common: arguments, help, streams.
mod command_line;
/// Every way in which a request can fail.
mod network;
/// Proxies, crossed and not crossed.
mod proxies;
/// Profiles, credentials, Regions, endpoints.
mod settings;
/// Certificates and whom to trust.
mod tls;

/// The shape of the source, and the documents that are made from it.
mod architecture;
mod documents;
/// Beside the programs that these stand in for; a module for what needs aws-cli 2.
mod parity;
mod parity_aws2;
