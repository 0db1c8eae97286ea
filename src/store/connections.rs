//! How many database connections there are, for whoever watches the process.

use super::Db;
use super::reader::KEPT;

/// Connections of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    pub open: u32,
    pub idle: u32,
    pub most: u32,
}

impl Db {
    /// Of all pools together.
    pub fn connections(&self) -> Connections {
        let of = |open: u32, idle: usize, most: u32| Connections {
            open,
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
            most,
        };
        match self {
            Db::Postgres { pool, .. } => {
                of(pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
            Db::Sqlite { read, write, .. } => {
                let (open, idle) = read.connections();
                let (is_open, is_idle) = write.state();
                of(open + u32::from(is_open), idle + usize::from(is_idle), KEPT as u32 + 1)
            }
        }
    }
}
