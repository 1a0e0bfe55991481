"""The filter of system calls: what no notebook needs, and attacks on the kernel begin with, fails with an error."""

import errno
import functools
import socket

# Other processes, tracing and keys; namespaces and mounts; the machine; interfaces with a history of holes.
REFUSED = [
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise", "keyctl",
    "add_key", "request_key", "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot",
    "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "acct",
    "quotactl", "quotactl_fd", "swapon", "swapoff", "reboot", "syslog", "kexec_load", "kexec_file_load",
    "init_module", "finit_module", "delete_module", "settimeofday", "clock_settime", "clock_adjtime",
    "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "vhangup", "bpf", "perf_event_open",
    "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "name_to_handle_at",
    "open_by_handle_at", "fanotify_init", "lookup_dcookie", "nfsservctl", "modify_ldt", "move_pages",
    "migrate_pages", "mbind", "set_mempolicy", "uselib", "_sysctl", "sysfs", "ustat", "vmsplice",
]  # fmt: skip
SPACES = (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000)  # CLONE_NEW*
TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing for somebody else
# ZeroMQ asks netlink for the interfaces; the network namespace has none but loopback.
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
LARGEST_FAMILY = 64
UNKNOWN = -1  # what libseccomp makes of a name that it does not know


def why_not():
    """Return why system calls cannot be filtered here, or None."""
    try:
        _filter()
    except Exception as error:  # no package, no library, an old kernel
        return f"{error or type(error).__name__}"
    return None


def install():
    """Filter the system calls of this process and of all that it starts, for good; does nothing where it cannot."""
    if why_not() is None:
        _filter().load()


@functools.cache
def _filter():
    import pyseccomp as seccomp  # finds the system's libseccomp, or fails

    made = seccomp.SyscallFilter(seccomp.ALLOW)
    refuse = seccomp.ERRNO(errno.EPERM)
    for name in REFUSED:
        _add(made, refuse, name)
    _add(
        made, seccomp.ERRNO(errno.ENOSYS), "clone3"
    )  # its flags cannot be looked at: libraries fall back to clone
    for flag in SPACES:
        _add(made, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    for request in TERMINAL:
        _add(made, refuse, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    for family in range(LARGEST_FAMILY):
        if family not in FAMILIES:
            _add(made, seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", seccomp.Arg(0, seccomp.EQ, family))
    return made


def _add(made, action, name, *arguments):
    """Add a rule; a call that this machine does not have needs none."""
    import pyseccomp as seccomp

    if seccomp.resolve_syscall(seccomp.system_arch(), name) != UNKNOWN:
        made.add_rule(action, name, *arguments)
