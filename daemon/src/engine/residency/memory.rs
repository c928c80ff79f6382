//! How much memory this machine gives the daemon.

use std::{fs, sync::OnceLock};

/// What is presumed where the system does not say: half of it holds any one of the smaller models.
const PRESUMED_BYTES: u64 = 8 << 30;

/// Half of what the daemon may use. Asked once: a budget that moves would be no budget.
pub(super) fn half_of_machine() -> u64 {
    static HALF: OnceLock<u64> = OnceLock::new();
    *HALF.get_or_init(|| {
        let read = |path: &str| fs::read_to_string(path).ok();
        let machine = read("/proc/meminfo").as_deref().and_then(total_of_meminfo);
        let group = read("/proc/self/cgroup")
            .as_deref()
            .and_then(own_group)
            .and_then(|group| read(&format!("/sys/fs/cgroup{group}/memory.max"))?.trim().parse().ok());
        machine.into_iter().chain(group).min().unwrap_or(PRESUMED_BYTES) / 2
    })
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn total_of_meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// The path of the control group of `/proc/self/cgroup`; none before version 2.
fn own_group(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("0::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        let meminfo = "MemTotal:       16306252 kB\nMemFree:         1000 kB\n";
        assert_eq!(total_of_meminfo(meminfo), Some(16_306_252 * 1024));
        assert_eq!(total_of_meminfo("MemTotal: lots"), None);
        assert_eq!(own_group("0::/system.slice/atelier.service\n"), Some("/system.slice/atelier.service"));
        assert_eq!(own_group("12:memory:/old\n"), None);
        assert!(half_of_machine() > 0);
    }
}
