//! The connection to one printer: bounded questions and answers, and the one write of a job.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::zpl_status::{
    ASK_ERRORS, ASK_HOST_STATUS, ASK_ODOMETER, Odometer, PrinterStatus, parse_errors, parse_host_status,
    parse_odometer,
};

const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// How long a printer that answers at all may take.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// A label is some ten kilobytes; a printer that does not take them in this time has stopped reading.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// More than any answer; what is beyond is noise.
const LONGEST_ANSWER: usize = 4096;

/// Why the connection can no longer be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(pub String);

/// How much of a job went out before it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WriteFault {
    /// Not a byte: the job is as good as new.
    NothingSent(String),
    /// Some bytes are with the printer: it may or may not print.
    PartlySent(String),
}

#[derive(Debug)]
pub(super) struct Link {
    stream: TcpStream,
}

impl Link {
    pub async fn connect(address: &str) -> Result<Self, Broken> {
        match timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A status poll is a few bytes that must not wait for company.
                let _ = stream.set_nodelay(true);
                Ok(Self { stream })
            }
            Ok(Err(error)) => Err(Broken(format!("{address} cannot be reached: {error}"))),
            Err(_) => Err(Broken(format!("{address} does not answer a connection"))),
        }
    }

    /// The printer's state: by `~HS`, else by `~HQES`. `None` when it answers neither.
    pub async fn status(&mut self, within: Duration) -> Result<Option<PrinterStatus>, Broken> {
        match self.ask(ASK_HOST_STATUS, within, parse_host_status).await? {
            Some(status) => Ok(Some(status)),
            None => self.ask(ASK_ERRORS, within, parse_errors).await,
        }
    }

    /// Labels printed in the printer's life; `None` when it does not say.
    pub async fn odometer(&mut self) -> Result<Option<u64>, Broken> {
        Ok(match self.ask(ASK_ODOMETER, ANSWER_WITHIN, parse_odometer).await? {
            Some(Odometer::Labels(labels)) => Some(labels),
            Some(Odometer::Absent) | None => None,
        })
    }

    async fn ask<T>(
        &mut self,
        question: &[u8],
        within: Duration,
        parse: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, Broken> {
        self.drain()?;
        let deadline = Instant::now() + within;
        match timeout_at(deadline, self.stream.write_all(question)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(lost(&error)),
            Err(_) => return Ok(None),
        }
        let mut received = Vec::new();
        let mut buffer = [0u8; 1024];
        loop {
            match timeout_at(deadline, self.stream.read(&mut buffer)).await {
                Ok(Ok(0)) => return Err(Broken("the printer closed the connection".to_owned())),
                Ok(Ok(length)) => received.extend_from_slice(&buffer[..length]),
                Ok(Err(error)) => return Err(lost(&error)),
                Err(_) => return Ok(None),
            }
            if let Some(answer) = parse(&received) {
                return Ok(Some(answer));
            }
            if received.len() > LONGEST_ANSWER {
                return Ok(None);
            }
        }
    }

    /// Throws away late answers to earlier questions.
    fn drain(&mut self) -> Result<(), Broken> {
        let mut buffer = [0u8; 1024];
        loop {
            match self.stream.try_read(&mut buffer) {
                Ok(0) => return Err(Broken("the printer closed the connection".to_owned())),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(lost(&error)),
            }
        }
    }

    /// Writes a job once. After a fault the connection must not be used again.
    pub async fn write_job(&mut self, job: &[u8]) -> Result<(), WriteFault> {
        let deadline = Instant::now() + WRITE_WITHIN;
        let mut written = 0;
        while written < job.len() {
            let why = match timeout_at(deadline, self.stream.write(&job[written..])).await {
                Ok(Ok(0)) => "the connection took no more bytes".to_owned(),
                Ok(Ok(length)) => {
                    written += length;
                    continue;
                }
                Ok(Err(error)) => lost(&error).0,
                Err(_) => "the printer stopped taking bytes".to_owned(),
            };
            return Err(if written == 0 {
                WriteFault::NothingSent(why)
            } else {
                WriteFault::PartlySent(format!("{why} after {written} of {} bytes", job.len()))
            });
        }
        Ok(())
    }
}

fn lost(error: &std::io::Error) -> Broken {
    Broken(format!("the connection to the printer was lost: {error}"))
}
