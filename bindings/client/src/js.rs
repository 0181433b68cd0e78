//! The page's side of a call, borrowed for the time of a step: the module keeps no JavaScript value.

use better_session::client::text::Text;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// One call of the page.
    pub type Job;

    /// Returns the UTF-16 unit of the job's `text` at `index`, or NaN at its end. Reading unit by unit needs no buffer and
    /// no decoder on either side: 0.6 kB less.
    #[wasm_bindgen(method)]
    fn unit(this: &Job, index: u32) -> f64;
    /// Appends a character to the path of the next request.
    #[wasm_bindgen(method)]
    fn push(this: &Job, unit: u8);
    /// Sets the method of the next request and, unless it is the page's own, clears its path.
    #[wasm_bindgen(method)]
    fn target(this: &Job, post: bool);
    /// Sets how long the job waits, in milliseconds.
    #[wasm_bindgen(method)]
    pub fn delay(this: &Job, milliseconds: f64);
    /// Returns a number: the attempts, milliseconds and maximum of `fetchOptions.retry`, 1 if they grow exponentially, and
    /// the seconds of the response's `Retry-After` or NaN.
    #[wasm_bindgen(method)]
    pub fn number(this: &Job, index: u8) -> f64;
}

impl Job {
    /// Returns the job's `text`. A unit that is not ASCII becomes `?`, which no path contains.
    pub fn text(&self) -> Text {
        let mut text = Text::new();
        for index in 0.. {
            let unit = self.unit(index);
            if unit.is_nan() || text.is_too_long() {
                break;
            }
            text.push(if unit < 128.0 { unit as u8 } else { b'?' });
        }
        text
    }

    /// Sets the target of the next request.
    pub fn set_target(&self, path: &[u8], post: bool) {
        self.target(post);
        for &unit in path {
            self.push(unit);
        }
    }
}
