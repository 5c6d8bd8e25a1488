//! What can be asked of the store for its own care: the same whether the running daemon does it or a command that opened the
//! store.

use super::{AskError, Pipeline};
use crate::ports::{Clock, Parcel, Store, StoreError};
use base64::Engine as _;
use serde_json::{Value, json};

/// Something to be done for the store's care.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "care")]
pub enum Care {
    /// Lay a backup or an export ready.
    LayReady {
        /// Which.
        what: Parcel,
    },
    /// The next piece of a file that lies ready, in base64; empty at its end.
    Fetch {
        /// The parcel.
        id: String,
        /// The file.
        name: String,
        /// Bytes that were fetched already.
        offset: u64,
    },
    /// Take away what lies ready.
    ClearAway {
        /// The parcel.
        id: String,
    },
    /// Look at everything.
    Check,
    /// Write sled anew.
    Compact,
}

/// Does `care` for `store`.
///
/// # Errors
/// When the store fails.
pub async fn care(store: &dyn Store, clock: &dyn Clock, care: &Care) -> Result<Value, StoreError> {
    match care {
        Care::LayReady { what } => Ok(json!(store.lay_ready(*what, clock.now()).await?)),
        Care::Fetch { id, name, offset } => {
            let piece = store.fetch(id, name, *offset).await?;
            Ok(json!({ "bytes": base64::engine::general_purpose::STANDARD.encode(piece) }))
        }
        Care::ClearAway { id } => {
            store.clear_away(id).await?;
            Ok(Value::Null)
        }
        Care::Check => Ok(json!(store.check().await?)),
        Care::Compact => Ok(json!(store.compact().await?)),
    }
}

impl Pipeline {
    /// Does `care` for the pipeline's store.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn care(&self, care: &Care) -> Result<Value, AskError> {
        Ok(self::care(self.store.as_ref(), self.clock.as_ref(), care).await?)
    }
}
