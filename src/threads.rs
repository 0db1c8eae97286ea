//! How often a thread runs when others want to run as well.

/// From now on the calling thread runs when nobody else wants to, and gives way at once to whoever
/// does: without that a request waits for the kernel's slice, some milliseconds, each time that it comes
/// in while the thread is at work. It still gets a small share of a processor that is never idle.
///
/// On Linux a thread has a policy of its own (sched(7), `SCHED_IDLE`); elsewhere nothing changes. Where
/// it isn't granted, the work is done all the same.
pub fn let_others_go_first() {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: all bytes zero are a value of this struct of integers.
        let parameters: libc::sched_param = unsafe { std::mem::zeroed() };
        // SAFETY: 0 is the calling thread, and the struct is only read while the call lasts.
        unsafe {
            libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters);
        }
    }
}
