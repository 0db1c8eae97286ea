//! Letting nobody in any more, without resetting whom the kernel lets in at that very moment.
//!
//! A listening socket that closes resets every connection that stands in its queue, and the kernel lets
//! newcomers in until then, whoever accepts them. So the first packet of a connection is dropped for as
//! long as a handshake takes: who knocks meanwhile tries again a second later, and meets the next process
//! or a closed door; who had knocked before stands in the queue by then, and is answered.

use std::time::Duration;

use tokio::net::TcpListener;

/// How long a handshake takes that had begun before.
pub(super) const HANDSHAKE: Duration = Duration::from_millis(200);

/// Drops what would begin a connection; whether the system can do so. Not for a socket that somebody else
/// has too: it would stay closed.
#[cfg(target_os = "linux")]
pub(super) fn close(listener: &TcpListener) -> bool {
    use std::os::fd::AsRawFd;
    let step = |code: u32, k: u32, jt: u8, jf: u8| libc::sock_filter { code: code as u16, jt, jf, k };
    // Of the TCP header, which is what a filter of such a socket sees: the flags, of them SYN and ACK.
    let mut steps = [
        step(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, 13, 0, 0),
        step(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0x12, 0, 0),
        step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0x02, 0, 1),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, 0),
        step(libc::BPF_RET | libc::BPF_K, u32::MAX, 0, 0),
    ];
    let program = libc::sock_fprog { len: steps.len() as u16, filter: steps.as_mut_ptr() };
    // SAFETY: the kernel reads `program` and the steps it points at, both of which outlive the call.
    let set = unsafe {
        libc::setsockopt(
            listener.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const program).cast(),
            size_of_val(&program) as libc::socklen_t,
        )
    };
    set == 0
}

#[cfg(not(target_os = "linux"))]
pub(super) fn close(_: &TcpListener) -> bool {
    false
}
