//! Stations: the codes they enrol with, the tokens they sign with, and how far the server has got in their logs.

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::id::{StationId, WarehouseId};
use liangcang_domain::unit::EpochMs;
use liangcang_sync::{Cursors, LogId};

use crate::secret;

/// How long a one-time code may be used.
pub const CODE_LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// A station the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its id, also the writer's name of its log.
    pub id: StationId,
    /// Where it stands.
    pub warehouse: WarehouseId,
}

/// Why a station may not enrol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEnrolled {
    /// No such code, or its day is over.
    #[error("this code is unknown or has expired: ask the office for a new one")]
    NoSuchCode,
    /// Another machine has used it.
    #[error("this code was used by another machine: ask the office for a new one")]
    Used,
}

/// Keeps a new one-time code for a warehouse and returns it; it cannot be read again.
///
/// # Errors
/// Of the database, also when there is no such warehouse.
pub async fn make_code(conn: &mut Transaction, warehouse: &WarehouseId, now: EpochMs) -> Result<String> {
    let code = secret::enrolment_code()?;
    let sql = "INSERT INTO enrolment_code (code_hash, warehouse, expires_at) VALUES ($1, $2, $3)";
    let row = query(sql).bind(secret::hash(&code)).bind(warehouse.as_str()).bind(now.0 + CODE_LIFE_MS);
    row.execute(conn).await?;
    Ok(code)
}

/// Enrols a machine with a code and gives its station a token. The same code from the same machine gives the same
/// station a fresh token, so a lost answer is no harm.
///
/// # Errors
/// Of the database; the inner result says why the machine may not.
pub async fn enrol(
    conn: &mut Transaction,
    typed: &str,
    name: &str,
    hardware: &str,
    now: EpochMs,
) -> Result<Result<(Station, String), NotEnrolled>> {
    let claimed = secret::hash(&secret::tidy_code(typed));
    let sql = "SELECT code_hash, warehouse, station FROM enrolment_code WHERE expires_at > $1";
    let codes = query(sql).bind(now.0).all::<(String, String, Option<String>)>(conn).await?;
    let found = codes.into_iter().find(|(hash, ..)| secret::same(hash, &claimed));
    let Some((hash, warehouse, used_by)) = found else { return Ok(Err(NotEnrolled::NoSuchCode)) };
    let warehouse = WarehouseId(warehouse);
    let token = secret::token()?;
    if let Some(id) = used_by {
        let sql = "UPDATE station SET token_hash = $3, name = $4 WHERE id = $1 AND hardware = $2";
        let row = query(sql).bind(&id).bind(hardware).bind(secret::hash(&token)).bind(name);
        let same_machine = row.execute(conn).await? == 1;
        let station = Station { id: id.into(), warehouse };
        return Ok(if same_machine { Ok((station, token)) } else { Err(NotEnrolled::Used) });
    }
    let id = next_id(conn, &warehouse).await?;
    query("INSERT INTO station (id, warehouse, name, token_hash, hardware, enrolled_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id.as_str())
        .bind(warehouse.as_str())
        .bind(name)
        .bind(secret::hash(&token))
        .bind(hardware)
        .bind(now.0)
        .execute(conn)
        .await?;
    let sql = "UPDATE enrolment_code SET used_at = $2, station = $3 WHERE code_hash = $1";
    query(sql).bind(hash).bind(now.0).bind(id.as_str()).execute(conn).await?;
    Ok(Ok((Station { id, warehouse }, token)))
}

/// `SH-01`, `SH-02`, … in the order of enrolment; short enough to be printed on every label.
async fn next_id(conn: &mut Transaction, warehouse: &WarehouseId) -> Result<StationId> {
    let sql = "SELECT COUNT(*) FROM station WHERE warehouse = $1";
    let known: i64 = query(sql).bind(warehouse.as_str()).scalar(conn).await?;
    Ok(format!("{warehouse}-{:02}", known + 1).into())
}

/// Whose token it is; `None` for nobody's.
///
/// # Errors
/// Of the database.
pub async fn by_token(conn: &mut Transaction, token: &str) -> Result<Option<Station>> {
    let hash = secret::hash(token);
    let sql = "SELECT id, warehouse FROM station WHERE token_hash = $1";
    let found = query(sql).bind(hash).optional::<(String, String)>(conn).await?;
    Ok(found.map(|(id, warehouse)| Station { id: id.into(), warehouse: warehouse.into() }))
}

/// How far the server has got in a station's logs.
///
/// # Errors
/// Of the database.
pub async fn cursors(conn: &mut Transaction, station: &StationId) -> Result<Cursors> {
    let sql = "SELECT epoch, seq FROM cursor WHERE writer = $1 ORDER BY epoch";
    let rows = query(sql).bind(station.as_str()).all::<(i64, i64)>(conn).await?;
    let mut cursors = Cursors::default();
    for (epoch, seq) in rows {
        cursors
            .advance(&LogId { writer: station.0.clone(), epoch: u32::try_from(epoch)? }, u64::try_from(seq)?);
    }
    Ok(cursors)
}

/// Saves how far the server has got.
///
/// # Errors
/// Of the database.
pub async fn save_cursors(conn: &mut Transaction, cursors: &Cursors) -> Result<()> {
    let sql = "INSERT INTO cursor (writer, epoch, seq) VALUES ($1, $2, $3)
        ON CONFLICT (writer, epoch) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > cursor.seq";
    for (log, seq) in cursors.iter() {
        query(sql).bind(&log.writer).bind(log.epoch).bind(i64::try_from(seq)?).execute(conn).await?;
    }
    Ok(())
}
