//! What sqlx asks of a database whose rows its types can be made from. Nobody connects to this one: its
//! rows come from elsewhere.

use std::str::FromStr;
use std::time::Duration;

use log::LevelFilter;
use sqlx::error::BoxDynError;
use sqlx::query::{Query, QueryAs, QueryScalar};
use sqlx::{
    Arguments, Column, ConnectOptions, Connection, Database, Either, Encode, Error, FromRow, IntoArguments,
    SqlStr, Statement, Transaction, Type,
};
use sqlx_core::transaction::TransactionManager;

use super::row::{Held, HeldRef, HeldRow, Kind};

/// SQLite, read without sqlx.
#[derive(Debug)]
pub struct Direct;

impl Database for Direct {
    type Connection = Nobody;
    type TransactionManager = Nobody;
    type Row = HeldRow;
    type QueryResult = ();
    type Column = Nobody;
    type TypeInfo = Kind;
    type Value = Held;
    type ValueRef<'r> = HeldRef<'r>;
    type Arguments = Nothing;
    type ArgumentBuffer = ();
    type Statement = Nobody;
    const NAME: &'static str = "SQLite";
    const URL_SCHEMES: &'static [&'static str] = &[];
}

/// What there is none of: a connection, a transaction, a prepared statement.
#[derive(Debug, Clone)]
pub enum Nobody {}

impl Connection for Nobody {
    type Database = Direct;
    type Options = Nobody;

    async fn close(self) -> Result<(), Error> {
        match self {}
    }

    async fn close_hard(self) -> Result<(), Error> {
        match self {}
    }

    async fn ping(&mut self) -> Result<(), Error> {
        match *self {}
    }

    async fn begin(&mut self) -> Result<Transaction<'_, Direct>, Error> {
        match *self {}
    }

    fn shrink_buffers(&mut self) {
        match *self {}
    }

    async fn flush(&mut self) -> Result<(), Error> {
        match *self {}
    }

    fn should_flush(&self) -> bool {
        match *self {}
    }
}

impl ConnectOptions for Nobody {
    type Connection = Nobody;

    fn from_url(_: &url::Url) -> Result<Nobody, Error> {
        Err(nobody())
    }

    async fn connect(&self) -> Result<Nobody, Error> {
        match *self {}
    }

    fn log_statements(self, _: LevelFilter) -> Nobody {
        self
    }

    fn log_slow_statements(self, _: LevelFilter, _: Duration) -> Nobody {
        self
    }
}

impl FromStr for Nobody {
    type Err = Error;

    fn from_str(_: &str) -> Result<Nobody, Error> {
        Err(nobody())
    }
}

fn nobody() -> Error {
    Error::Configuration("nobody connects to this database through sqlx".into())
}

impl TransactionManager for Nobody {
    type Database = Direct;

    async fn begin(connection: &mut Nobody, _: Option<SqlStr>) -> Result<(), Error> {
        match *connection {}
    }

    async fn commit(connection: &mut Nobody) -> Result<(), Error> {
        match *connection {}
    }

    async fn rollback(connection: &mut Nobody) -> Result<(), Error> {
        match *connection {}
    }

    fn start_rollback(connection: &mut Nobody) {
        match *connection {}
    }

    fn get_transaction_depth(connection: &Nobody) -> usize {
        match *connection {}
    }
}

impl Column for Nobody {
    type Database = Direct;

    fn ordinal(&self) -> usize {
        match *self {}
    }

    fn name(&self) -> &str {
        match *self {}
    }

    fn type_info(&self) -> &Kind {
        match *self {}
    }
}

impl Statement for Nobody {
    type Database = Direct;

    fn into_sql(self) -> SqlStr {
        match self {}
    }

    fn sql(&self) -> &SqlStr {
        match *self {}
    }

    fn parameters(&self) -> Option<Either<&[Kind], usize>> {
        match *self {}
    }

    fn columns(&self) -> &[Nobody] {
        match *self {}
    }

    fn query(&self) -> Query<'_, Direct, Nothing> {
        match *self {}
    }

    fn query_with<A: IntoArguments<Direct>>(&self, _: A) -> Query<'_, Direct, A> {
        match *self {}
    }

    fn query_as<O: for<'r> FromRow<'r, HeldRow>>(&self) -> QueryAs<'_, Direct, O, Nothing> {
        match *self {}
    }

    fn query_as_with<'s, O: for<'r> FromRow<'r, HeldRow>, A: IntoArguments<Direct>>(
        &'s self,
        _: A,
    ) -> QueryAs<'s, Direct, O, A> {
        match *self {}
    }

    fn query_scalar<O>(&self) -> QueryScalar<'_, Direct, O, Nothing>
    where
        (O,): for<'r> FromRow<'r, HeldRow>,
    {
        match *self {}
    }

    fn query_scalar_with<'s, O, A: IntoArguments<Direct>>(&'s self, _: A) -> QueryScalar<'s, Direct, O, A>
    where
        (O,): for<'r> FromRow<'r, HeldRow>,
    {
        match *self {}
    }
}

/// The arguments of a statement that nobody prepares.
#[derive(Debug, Default)]
pub struct Nothing;

impl Arguments for Nothing {
    type Database = Direct;

    fn reserve(&mut self, _: usize, _: usize) {}

    fn add<'t, T: Encode<'t, Direct> + Type<Direct>>(&mut self, _: T) -> Result<(), BoxDynError> {
        Err(nobody().into())
    }

    fn len(&self) -> usize {
        0
    }
}

impl IntoArguments<Direct> for Nothing {
    fn into_arguments(self) -> Nothing {
        self
    }
}
