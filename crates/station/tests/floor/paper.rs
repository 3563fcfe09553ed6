//! Documents over the LAN page, and what can be read in them by a program that is not ours.

use crate::day::Day;
use std::process::Command;

/// The text of a PDF, white space taken out.
pub fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).expect("written");
    let read = Command::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output();
    let read = read.expect("pdftotext is installed by scripts/setup.sh --tests");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("UTF-8").split_whitespace().collect()
}

impl Day {
    /// A document of the LAN page, as text.
    pub async fn pdf(&self, path: &str) -> String {
        let reply = reqwest::get(format!("http://{}{path}", self.address())).await.expect("an answer");
        assert_eq!(reply.status(), 200, "{path}");
        text_of(&reply.bytes().await.expect("all of it"))
    }

    /// A call as a screen makes it.
    pub async fn post(&self, body: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let url = format!("http://{}/api/call", self.address());
        let request = reqwest::Client::new().post(url).header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(body.to_owned()).send().await.expect("an answer")
    }
}
