//! Which sketch hashes may stand in the tree, in memory: of those that an article is looked up by, nearly all lead nowhere, and each
//! that does is a page of its own, the colder the larger the store.

/// Hashes of the first layer; each further one has room for four times as many.
const FIRST: usize = 1 << 16;
/// Bits for each hash that a layer has room for: about 2 of 100 hashes that are not there pass.
const BITS: usize = 8;
/// Bits set for each hash.
const PROBES: u64 = 4;

/// Hashes, of which it is known for sure which are not there (a Bloom filter in layers). One that was taken away still passes.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    layers: Vec<Layer>,
    /// Up to which hash the tree was read, in their order: any beyond it may be there.
    read_to: Option<u64>,
}

#[derive(Debug)]
struct Layer {
    bits: Vec<u64>,
    /// Hashes that it still has room for.
    room: usize,
}

impl Layer {
    fn new(room: usize) -> Self {
        Self { bits: vec![0; room * BITS / 64], room }
    }

    /// Where the bits of `hash` stand: the word, and the bit in it.
    fn places(&self, hash: u64) -> impl Iterator<Item = (usize, u64)> {
        // Sketches are made of low hashes: their bits are stirred first.
        let stirred = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (start, step) = (stirred >> 32, stirred | 1);
        let bits = (self.bits.len() * 64) as u64;
        (0..PROBES).map(move |n| {
            let at = start.wrapping_add(step.wrapping_mul(n)) % bits;
            ((at / 64) as usize, 1 << (at % 64))
        })
    }

    fn has(&self, hash: u64) -> bool {
        self.places(hash).all(|(word, bit)| self.bits.get(word).is_some_and(|bits| bits & bit != 0))
    }
}

impl Hashes {
    /// Whether `hash` may be there; where this says no it is not.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        // Most stand in the last layer, the largest.
        self.read_to.is_none_or(|to| hash > to) || self.layers.iter().rev().any(|layer| layer.has(hash))
    }

    /// The hash up to which the tree was read; `None` where it was not begun.
    pub(super) const fn read_to(&self) -> Option<u64> {
        self.read_to
    }

    /// Takes the hashes that stand behind those that were read, up to `to` all that there are.
    pub(super) fn read_on(&mut self, found: &[u64], to: u64) {
        found.iter().for_each(|hash| self.add(*hash));
        self.read_to = Some(to);
    }

    /// From now on `hash` may be there.
    pub(super) fn add(&mut self, hash: u64) {
        if self.layers.last().is_none_or(|layer| layer.room == 0) {
            let room = FIRST << (2 * self.layers.len());
            self.layers.push(Layer::new(room));
        }
        let Some(layer) = self.layers.last_mut() else { return };
        layer.room -= 1;
        for (word, bit) in layer.places(hash).collect::<Vec<_>>() {
            if let Some(bits) = layer.bits.get_mut(word) {
                *bits |= bit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_was_added_passes_and_little_else_does() {
        // Low and evenly spread, as in sketches.
        let hash = |number: u64| number << 36 | number.wrapping_mul(0x9e37_79b9) & 0xffff_ffff;
        let mut hashes = Hashes::default();
        hashes.read_on(&[], u64::MAX);
        assert!(!hashes.may_have(hash(1)));
        let added = 6 * FIRST as u64;
        for number in 0..added {
            hashes.add(hash(number));
        }
        assert_eq!(hashes.layers.len(), 3);
        assert!((0..added).all(|number| hashes.may_have(hash(number))));
        let wrongly = (added..added + 10_000).filter(|number| hashes.may_have(hash(*number))).count();
        assert!(wrongly < 800, "{wrongly} of 10,000");
    }

    #[test]
    fn what_was_not_read_yet_passes() {
        let mut hashes = Hashes::default();
        assert!(hashes.may_have(0));
        hashes.read_on(&[3, 7], 7);
        assert_eq!([2, 3, 6, 7, 8].map(|hash| hashes.may_have(hash)), [false, true, false, true, true]);
        hashes.read_on(&[9], u64::MAX);
        assert_eq!([3, 8, 9, u64::MAX].map(|hash| hashes.may_have(hash)), [true, false, true, false]);
    }
}
