use super::pack::{data_path, heads_path};
use super::*;
use crate::ports::{Archived, Erased};
use jiff::Timestamp;
use std::os::unix::fs::FileExt as _;

const PACK: u64 = 1 << 20;

fn record(id: &str, payload: &[u8]) -> Prepared {
    let kind = if id.starts_with('a') { RecordKind::Alert } else { RecordKind::Article };
    Prepared::new(kind, Timestamp::from_second(1_700_000_000).unwrap(), id, payload).unwrap()
}

/// Each id as one unit of one record, synced.
fn write(folder: &Path, ids: &[&str]) {
    let mut archive = Archive::open(folder, PACK, None).unwrap();
    for id in ids {
        archive.append(&[record(id, format!("payload of {id}").as_bytes())]).unwrap();
        archive.sync().unwrap();
    }
}

fn ids(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    read(folder, |r| {
        if let Some(payload) = &r.payload {
            assert_eq!(payload, format!("payload of {}", r.header.id).as_bytes());
            found.push(r.header.id);
        } else {
            found.push(format!("-{}", r.header.id));
        }
    })
    .unwrap();
    found
}

fn faults(folder: &Path) -> Vec<String> {
    verify(folder).unwrap().faults
}

#[test]
fn records_come_back_chained_over_reopening_and_packs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1", "a2"]);
    write(folder.path(), &["3"]);
    let mut small = Archive::open(folder.path(), 1, None).unwrap();
    for id in ["4", "5"] {
        small.append(&[record(id, format!("payload of {id}").as_bytes())]).unwrap();
        small.sync().unwrap();
    }
    let on_disk: u64 = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert_eq!(small.bytes(), on_disk);
    assert_eq!(pack::numbers(folder.path()).unwrap(), [1, 2, 3]);
    drop(small);
    write(folder.path(), &["6"]);
    assert_eq!(ids(folder.path()), ["1", "a2", "3", "4", "5", "6"]);
    let found = verify(folder.path()).unwrap();
    assert_eq!(found.faults, [""; 0]);
    assert_eq!(found.records, [(RecordKind::Article, 5), (RecordKind::Alert, 1)].into());
    assert_ne!(found.last, [0; 32]);
}

#[test]
fn a_unit_that_cannot_be_written_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path(), PACK, None).unwrap();
    archive.append(&[record("1", b"payload of 1")]).unwrap();
    let before = archive.bytes();
    let mark = archive.pack.mark();
    archive.append(&[record("2", b"payload of 2")]).unwrap();
    archive.pack.back_to(&mark).unwrap();
    assert_eq!(archive.bytes(), before);
    archive.append(&[record("3", b"payload of 3")]).unwrap();
    archive.sync().unwrap();
    assert_eq!(ids(folder.path()), ["1", "3"]);
    assert_eq!(faults(folder.path()), [""; 0]);
}

#[test]
fn a_tail_torn_anywhere_is_cut_and_writing_goes_on() {
    let whole = tempfile::tempdir().unwrap();
    write(whole.path(), &["1", "2", "3"]);
    let heads = fs::read(heads_path(whole.path(), 1)).unwrap();
    let data = fs::read(data_path(whole.path(), 1)).unwrap();
    let check = |heads: &[u8], data: &[u8], kept: &[&str], what: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(heads_path(folder.path(), 1), heads).unwrap();
        fs::write(data_path(folder.path(), 1), data).unwrap();
        assert_eq!(faults(folder.path()), [""; 0], "{what}: before opening");
        assert_eq!(ids(folder.path()), kept, "{what}: before opening");
        write(folder.path(), &["4"]);
        assert_eq!(ids(folder.path()), [kept, &["4"]].concat(), "{what}");
        assert_eq!(faults(folder.path()), [""; 0], "{what}");
    };
    let head = (heads.len() - 8) / 3;
    let payload = (data.len() - 8) / 3;
    let all = ["1", "2", "3"];
    for length in 8..=heads.len() {
        let kept = (length - 8) / head;
        check(&heads[..length], &data, &all[..kept], &format!("headers cut at {length}"));
    }
    for length in 8..=data.len() {
        let kept = (length - 8) / payload;
        check(&heads, &data[..length], &all[..kept], &format!("payloads cut at {length}"));
    }
    // Blocks that the file system had made room for, but not written.
    check(&[&heads[..], &[0; 500]].concat(), &[&data[..], &[0; 500]].concat(), &all, "zeros behind");
    let mut zeroed = data.clone();
    zeroed[8 + 2 * payload + 30..].fill(0);
    check(&heads, &zeroed, &all[..2], "last payload zeroed");
}

#[test]
fn a_creation_cut_short_is_done_again() {
    for (heads, data) in
        [(None, None), (None, Some(&b"CWDA"[..])), (Some(&b""[..]), Some(b"CWDATA\0\x01")), (Some(b"CWPACK\0"), None)]
    {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &["1"]);
        drop(Archive::open(folder.path(), 1, None).unwrap().sync());
        for (path, bytes) in [(heads_path(folder.path(), 2), heads), (data_path(folder.path(), 2), data)] {
            fs::remove_file(&path).unwrap();
            if let Some(bytes) = bytes {
                fs::write(&path, bytes).unwrap();
            }
        }
        write(folder.path(), &["2"]);
        assert_eq!(ids(folder.path()), ["1", "2"]);
        assert_eq!(faults(folder.path()), [""; 0]);
    }
}

#[test]
fn a_lost_file_takes_its_twin_not_along() {
    for (lost, kept) in
        [(heads_path as fn(&Path, u32) -> PathBuf, data_path as fn(&Path, u32) -> PathBuf), (data_path, heads_path)]
    {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &["1", "2"]);
        fs::remove_file(lost(folder.path(), 1)).unwrap();
        let before = fs::read(kept(folder.path(), 1)).unwrap();
        write(folder.path(), &["3"]);
        assert_eq!(fs::read(kept(folder.path(), 1)).unwrap(), before);
        assert!(!faults(folder.path()).is_empty());
        assert_eq!(ids(folder.path()).last().unwrap(), "3");
    }
}

#[test]
fn damage_inside_is_kept_told_and_written_around() {
    for twin in [heads_path, data_path] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &["1", "2", "3"]);
        let path = twin(folder.path(), 1);
        let length = fs::metadata(&path).unwrap().len();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        // In the middle of the second record.
        file.write_all_at(b"\xFF\xFF\xFF", length / 2).unwrap();
        let damaged = fs::read(&path).unwrap();
        write(folder.path(), &["4"]);
        assert_eq!(fs::read(&path).unwrap(), damaged, "{path:?} was changed");
        let found = ids(folder.path());
        assert_eq!((found.first().unwrap().as_str(), found.last().unwrap().as_str()), ("1", "4"), "{found:?}");
        let faults = faults(folder.path());
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(faults.iter().any(|f| f.contains(name)), "{faults:?}");
    }
}

#[test]
fn behind_a_header_that_cannot_be_read_every_record_has_its_own_payload() {
    let ids_written = ["1", "2 of Ann Dalby", "3", "4 of Ann Dalby", "5"];
    for lost in 0..ids_written.len() - 1 {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &ids_written);
        // A second pack, so that the first is closed.
        let mut archive = Archive::open(folder.path(), 1, None).unwrap();
        archive.append(&[record("6", b"payload of 6")]).unwrap();
        archive.sync().unwrap();
        drop(archive);
        let path = heads_path(folder.path(), 1);
        let ends = pack::scan_heads(&path).unwrap().ends;
        let start = if lost == 0 { 8 } else { ends[lost - 1] };
        fs::OpenOptions::new().write(true).open(&path).unwrap().write_all_at(b"\xFF\xFF", start + 14).unwrap();
        let mut expected: Vec<&str> = ids_written.to_vec();
        expected.remove(lost);
        expected.push("6");
        assert_eq!(ids(folder.path()), expected, "record {lost} lost");
        let faults = faults(folder.path());
        assert!(faults.iter().any(|f| f.contains(&format!("payload {lost} has no header"))), "{faults:?}");
        assert_eq!(faults.len(), 3, "the header, its payload, and the chain: {faults:?}");
        // What is erased goes, also where its header is lost, and the others stay.
        let mut archive = Archive::open(folder.path(), PACK, None).unwrap();
        let names = |r: Archived<'_>| r.payload.is_some_and(|p| p.windows(9).any(|w| w == b"Ann Dalby"));
        assert_eq!(archive.erase(names).unwrap().records, 2, "record {lost} lost");
        let now: Vec<String> =
            expected.iter().map(|id| if id.contains("Ann") { format!("-{id}") } else { (*id).to_owned() }).collect();
        assert_eq!(ids(folder.path()), now, "record {lost} lost");
        assert_eq!(archive.erase(names).unwrap(), Erased::default());
    }
}

#[test]
fn a_hole_behind_what_was_acknowledged_is_cut_and_one_before_is_damage() {
    for twin in [heads_path, data_path] {
        for acknowledged in 0..=4 {
            let folder = tempfile::tempdir().unwrap();
            let mut archive = Archive::open(folder.path(), PACK, None).unwrap();
            let mut safe = archive.position();
            for (number, id) in (1..).zip(["1", "2", "3", "4"]) {
                archive.append(&[record(id, format!("payload of {id}").as_bytes())]).unwrap();
                archive.sync().unwrap();
                if number == acknowledged {
                    safe = archive.position();
                }
            }
            drop(archive);
            let path = twin(folder.path(), 1);
            let length = fs::metadata(&path).unwrap().len();
            // In the third record.
            fs::OpenOptions::new().write(true).open(&path).unwrap().write_all_at(&[0; 5], length * 5 / 8).unwrap();
            let mut archive = Archive::open(folder.path(), PACK, Some(safe)).unwrap();
            archive.append(&[record("5", b"payload of 5")]).unwrap();
            archive.sync().unwrap();
            if acknowledged <= 2 {
                assert_eq!(faults(folder.path()), [""; 0], "{path:?}, {acknowledged} acknowledged");
                assert_eq!(ids(folder.path()), ["1", "2", "5"]);
                assert_eq!(archive.position(), Position { pack: 1, records: 3 });
            } else {
                assert!(!faults(folder.path()).is_empty(), "{path:?}, {acknowledged} acknowledged");
                assert_eq!(archive.position(), Position { pack: 2, records: 1 });
            }
        }
    }
}

#[test]
fn a_change_to_any_byte_of_a_closed_pack_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path(), 1, None).unwrap();
    for id in ["1", "2", "3"] {
        archive.append(&[record(id, b"x"), record(&format!("a{id}"), b"y")]).unwrap();
        archive.sync().unwrap();
    }
    drop(archive);
    assert_eq!(faults(folder.path()), [""; 0]);
    for path in [heads_path(folder.path(), 2), data_path(folder.path(), 2)] {
        let sound = fs::read(&path).unwrap();
        for i in 0..sound.len() {
            let mut changed = sound.clone();
            changed[i] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert_ne!(faults(folder.path()), [""; 0], "{}: byte {i}", path.display());
        }
        fs::write(&path, &sound).unwrap();
    }
}

#[test]
fn a_record_left_out_or_exchanged_breaks_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1", "2", "3"]);
    let heads = fs::read(heads_path(folder.path(), 1)).unwrap();
    let data = fs::read(data_path(folder.path(), 1)).unwrap();
    let length = (heads.len() - 8) / 3;
    let piece = |i: usize| &heads[8 + i * length..8 + (i + 1) * length];
    for order in [&[0, 2][..], &[1, 0, 2], &[1, 2]] {
        let changed = order.iter().fold(heads[..8].to_vec(), |file, i| [&file[..], piece(*i)].concat());
        fs::write(heads_path(folder.path(), 1), changed).unwrap();
        fs::write(data_path(folder.path(), 1), &data).unwrap();
        let faults = faults(folder.path());
        assert!(faults.iter().any(|f| f.contains("does not follow")), "{order:?}: {faults:?}");
    }
}

#[test]
fn an_erased_payload_is_gone_from_the_disk_and_leaves_its_header_and_the_chain() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1", "2 of Ann Dalby", "3"]);
    // A second pack, which is open.
    let mut archive = Archive::open(folder.path(), 1, None).unwrap();
    archive.append(&[record("a4", b"payload of a4")]).unwrap();
    archive.sync().unwrap();
    archive.append(&[record("a5", b"payload of a5"), record("6", b"payload of 6")]).unwrap();
    let before = archive.bytes();
    let select = |r: Archived<'_>| {
        let payload = String::from_utf8(r.payload.unwrap().to_vec()).unwrap();
        payload.contains("Ann Dalby") || (r.kind, r.id) == (RecordKind::Alert, "a5")
    };
    let erased = archive.erase(select).unwrap();
    assert_eq!((erased.records, erased.packs), (2, 2));
    assert_eq!(archive.bytes(), before - erased.freed_bytes);
    let packed = |id: &str| zstd::bulk::compress(format!("payload of {id}").as_bytes(), 3).unwrap();
    let data: Vec<u8> = [1, 2].iter().flat_map(|n| fs::read(data_path(folder.path(), *n)).unwrap()).collect();
    let holds = |id: &str| data.windows(packed(id).len()).any(|w| w == packed(id));
    assert_eq!(["1", "2 of Ann Dalby", "3", "a4", "a5", "6"].map(holds), [true, false, true, true, false, true]);
    // It goes on, and a second time there is nothing to do.
    assert_eq!(archive.erase(|r| r.id == "a5" || r.id.contains("Ann Dalby")).unwrap(), Erased::default());
    archive.append(&[record("7", b"payload of 7")]).unwrap();
    archive.sync().unwrap();
    drop(archive);
    assert_eq!(ids(folder.path()), ["1", "-2 of Ann Dalby", "3", "a4", "-a5", "6", "7"]);
    let found = verify(folder.path()).unwrap();
    assert_eq!((found.erased, found.faults), (2, vec![]));
}

#[test]
fn an_erasure_cut_short_leaves_the_old_payloads_in_place() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1", "2"]);
    fs::write(folder.path().join("000001.data.new"), b"CWDATA\0\x01 half").unwrap();
    write(folder.path(), &["3"]);
    assert_eq!(ids(folder.path()), ["1", "2", "3"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_damaged_payload_goes_when_its_pack_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1", "2", "3"]);
    let mut archive = Archive::open(folder.path(), 1, None).unwrap();
    archive.append(&[record("4", b"payload of 4")]).unwrap();
    archive.sync().unwrap();
    let path = data_path(folder.path(), 1);
    let length = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new().write(true).open(&path).unwrap().write_all_at(b"\xFF", length / 4).unwrap();
    let damaged = fs::read(&path).unwrap();
    assert_eq!(archive.erase(|_| false).unwrap().records, 0);
    assert_eq!(fs::read(&path).unwrap(), damaged, "nothing was to be erased in it");
    assert_eq!(archive.erase(|r| r.id == "3").unwrap().records, 1);
    assert_eq!(verify(folder.path()).unwrap().faults, [""; 0]);
    let found = ids(folder.path());
    assert!(found.contains(&"-3".to_owned()) && found.contains(&"4".to_owned()), "{found:?}");
}

#[test]
fn another_version_of_the_format_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &["1"]);
    let path = heads_path(folder.path(), 1);
    let mut heads = fs::read(&path).unwrap();
    heads[7] = 2;
    fs::write(&path, &heads).unwrap();
    write(folder.path(), &["2"]);
    assert_eq!(fs::read(&path).unwrap(), heads);
    assert!(!faults(folder.path()).is_empty());
    assert_eq!(ids(folder.path()).last().unwrap(), "2");
}
