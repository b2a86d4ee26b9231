//! Stubs of the services that hand out credentials. All their secrets carry the marker.

use super::http::{Reply, Request, Server};
use super::secrets::MARKER;
use super::{Endpoint, Scratch};

/// Later than any test runs, in the notation of AWS.
pub const FUTURE: &str = "2038-01-01T00:00:00Z";

/// The metadata service of an EC2 instance with the role `instance-role`, in eu-west-1.
pub struct Metadata(Server);

impl Metadata {
    pub fn start() -> Metadata {
        let text = |text: &str| Reply::new(200, "text/plain", text);
        Metadata(Server::start(None, move |request, _| {
            match (request.method.as_str(), request.target.trim_end_matches('/')) {
                ("PUT", "/latest/api/token") => text("token-of-the-instance")
                    .header("x-aws-ec2-metadata-token-ttl-seconds", "21600"),
                ("GET", "/latest/meta-data/iam/security-credentials") => text("instance-role"),
                ("GET", "/latest/meta-data/iam/security-credentials/instance-role") => {
                    Reply::new(200, "application/json", credentials("AKIDINSTANCE"))
                }
                ("GET", "/latest/meta-data/placement/region") => text("eu-west-1"),
                _ => Reply::new(404, "text/plain", ""),
            }
        }))
    }

    /// What was asked for, the paths alone.
    pub fn asked(&self) -> Vec<String> {
        self.0.requests().into_iter().map(|request| request.target).collect()
    }
}

impl Endpoint for Metadata {
    fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }
}

/// The credentials of a container's task role.
pub struct Container(Server);

impl Container {
    pub fn start() -> Container {
        Container(Server::start(None, |_, _| {
            Reply::new(200, "application/json", credentials("AKIDCONTAINER"))
        }))
    }
}

impl Endpoint for Container {
    fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }
}

/// STS: every role may be assumed, with a key whose id is the name of the role.
pub struct Sts(Server);

impl Sts {
    pub fn start() -> Sts {
        Sts(Server::start(None, |request, _| {
            let operation = request.operation();
            let role = request.parameter("RoleArn").unwrap_or_default();
            let name = role.rsplit('/').next().unwrap_or_default().to_owned();
            Reply::xml(
                200,
                format!(
                    "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
                     <{operation}Result><AssumedRoleUser><Arn>{role}</Arn><AssumedRoleId>AROA:x\
                     </AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>{name}</AccessKeyId>\
                     <SecretAccessKey>{MARKER}-of-role</SecretAccessKey>\
                     <SessionToken>{MARKER}-token-of-role</SessionToken>\
                     <Expiration>{FUTURE}</Expiration></Credentials></{operation}Result>\
                     <ResponseMetadata><RequestId>sts-1</RequestId></ResponseMetadata>\
                     </{operation}Response>"
                ),
            )
        }))
    }

    pub fn requests(&self) -> Vec<Request> {
        self.0.requests()
    }
}

impl Endpoint for Sts {
    fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }
}

/// Credentials as a metadata service words them.
fn credentials(id: &str) -> String {
    format!(
        r#"{{"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2020-01-01T00:00:00Z",
            "AccessKeyId": "{id}", "SecretAccessKey": "{MARKER}-handed-out",
            "Token": "{MARKER}-token-handed-out", "Expiration": "{FUTURE}"}}"#
    )
}

/// A program that a `credential_process` may name: it prints the key `id`.
pub fn credential_process(home: &Scratch, id: &str) -> String {
    let script = format!(
        r#"printf '{{"Version": 1, "AccessKeyId": "{id}", "SecretAccessKey": "{MARKER}-of-process"}}'"#
    );
    format!("sh {}", home.write("credential-process", script).display())
}
