//! The pipeline in use: a reload puts another in its place, and work in hand ends with the one it began with.

use crate::pipeline::{AskError, Pipeline, Question};
use crate::ports::{Clock, Store};
use std::sync::{Arc, PoisonError, RwLock};

/// The pipeline in use, and what all pipelines of one service share.
pub struct Live {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Everything that lasts.
    pub store: Arc<dyn Store>,
    current: RwLock<Arc<Pipeline>>,
}

impl Live {
    /// `pipeline` in use.
    pub fn new(pipeline: Pipeline) -> Self {
        let (clock, store) = (Arc::clone(&pipeline.clock), Arc::clone(&pipeline.store));
        Self { clock, store, current: RwLock::new(Arc::new(pipeline)) }
    }

    /// The pipeline in use now. Ask anew for each piece of work: a reload replaces it.
    pub fn current(&self) -> Arc<Pipeline> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts `pipeline` into use. Work that holds the one before ends with that.
    pub fn replace(&self, pipeline: Pipeline) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pipeline);
    }

    /// Answers `question` by the pipeline in use.
    ///
    /// # Errors
    /// As [`crate::pipeline::answer`].
    pub async fn answer(&self, question: &Question) -> Result<serde_json::Value, AskError> {
        self.current().answer(question).await
    }
}
