//! `address`: one address a line in, one verdict a line out; needs no database and stores nothing.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use liangcang_domain::address::{Reading, Reason, Regions};

/// Reads lines until the input ends and writes `verdict province city district reason`, set apart by tabs. No line
/// is skipped: an empty one is vague, and so is one that is no text.
pub fn run(mut lines: impl BufRead, out: &mut impl Write) -> Result<ExitCode> {
    let regions = Regions::built_in();
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).context("the addresses cannot be read")? == 0 {
            out.flush()?;
            return Ok(ExitCode::SUCCESS);
        }
        let reading = match std::str::from_utf8(&line) {
            Ok(text) => regions.read(text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n'])),
            Err(_) => Reading::unread(Reason::NotUtf8),
        };
        write_row(out, &reading).context("the verdicts cannot be written")?;
    }
}

fn write_row(out: &mut impl Write, reading: &Reading<'_>) -> std::io::Result<()> {
    let Reading { province, city, district, .. } = reading;
    let verdict = reading.verdict().as_str();
    match &reading.reason {
        Some(reason) => {
            writeln!(out, "{verdict}\t{province}\t{city}\t{district}\t{}: {}", reason.as_str(), reason.zh())
        }
        None => writeln!(out, "{verdict}\t{province}\t{city}\t{district}\t"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn rows(input: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        run(input, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_line_gets_one_of_five_columns_whatever_is_in_it() {
        let long = "长".repeat(3_000);
        let mut input = "浙江省杭州市余杭区文一西路969号\r\n\n杭州市浦东新区花木路1号\n".as_bytes().to_vec();
        input.extend(b"\xff\xfe\n");
        input.extend(format!("{long}\n东莞市长安镇长青南路1号").as_bytes());
        assert_eq!(
            rows(&input),
            [
                "ok\t浙江省\t杭州市\t余杭区\t",
                "vague\t\t\t\tempty: 没有写地址",
                "conflict\t浙江省\t杭州市\t\tdistrict_elsewhere: 浦东新区在上海市，不在杭州市",
                "vague\t\t\t\tnot_utf8: 不是 UTF-8 文本",
                "vague\t\t\t\ttoo_long: 超过 4096 字节",
                "ok\t广东省\t东莞市\t\t",
            ]
        );
        assert!(rows(b"").is_empty());
    }
}
