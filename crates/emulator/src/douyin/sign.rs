//! Douyin's signatures: MD5 over a message's raw bytes, MD5 or HMAC-SHA256 over an API call.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use serde_json::Value;
use sha2::Sha256;

use super::App;

/// `event-sign` of a message: lower-case hex of MD5 over key, raw body and secret.
pub fn event_sign(app: &App, body: &[u8]) -> String {
    let mut digest = Md5::new();
    digest.update(&app.app_key);
    digest.update(body);
    digest.update(&app.app_secret);
    hexadecimal(&digest.finalize())
}

/// `sign` of an API call over the exact JSON text that is its body.
/// `None` for a `sign_method` that is neither `hmac-sha256` nor `md5`.
pub fn call_sign(app: &App, sign_method: &str, method: &str, timestamp: &str, body: &str) -> Option<String> {
    let secret = &app.app_secret;
    let key = &app.app_key;
    let text = format!("{secret}app_key{key}method{method}param_json{body}timestamp{timestamp}v2{secret}");
    match sign_method {
        "hmac-sha256" => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
            mac.update(text.as_bytes());
            Some(hexadecimal(&mac.finalize().into_bytes()))
        }
        "md5" => Some(hexadecimal(&Md5::digest(text))),
        _ => None,
    }
}

/// The JSON text the signature is defined over: keys in byte order at every depth, no blanks, text raw.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_bytes());
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _: std::fmt::Result = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_message_is_signed_over_key_body_and_secret() {
        let body = concat!(
            r#"[{"tag":"101","msg_id":"1234567890:101:1700000000","data":"{\"p_id\":4800000000000000001,"#,
            r#"\"s_ids\":[4800000000000000002],\"shop_id\":1,\"order_status\":2,\"order_type\":0,\"biz\":2,"#,
            r#"\"pay_time\":1700000000,\"pay_type\":1,\"pay_amount\":9900}"}]"#
        );
        assert_eq!(event_sign(&App::default(), body.as_bytes()), "5b43d0940562bc0624c114ff4c0fde22");
    }

    #[test]
    fn a_call_is_signed_by_both_methods_as_in_the_vector() {
        let body = r#"{"a":{"b":"<米&油>/5L","z":1},"order_by":"update_time","page":0,"size":100}"#;
        let sign = |method| call_sign(&App::default(), method, "order.searchList", "1700000000", body);
        assert_eq!(
            sign("hmac-sha256").unwrap(),
            "21a5731aefe33083953ab750b952f0007c02d2c8a833db02f54fd58e8d3d9f3c"
        );
        assert_eq!(sign("md5").unwrap(), "2f98e60051be365a50f576ac967868a6");
        assert_eq!(sign("sha1"), None);
    }

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_escaped() {
        let value: Value = serde_json::from_str(r#"{"z":[{"b":1,"a":"</米&>"}], "a":true}"#).unwrap();
        assert_eq!(canonical(&value), r#"{"a":true,"z":[{"a":"</米&>","b":1}]}"#);
    }
}
