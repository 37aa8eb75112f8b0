using System.Globalization;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Checks;

/// <summary>What is in the way is named: namespaces, mounts, refused calls and missing files, each made for the test.</summary>
public sealed class ObstacleTests
{
    private const int EPERM = 1;
    private const int ENODEV = 19;
    private const int ENOTTY = 25;
    private const int ENOSYS = 38;
    private const int EPROTONOSUPPORT = 93;

    // x86_64's numbers.
    private const int SYS_ioctl = 16;
    private const int SYS_socket = 41;
    private const int SYS_bind = 49;
    private const int SYS_ptrace = 101;
    private const int SYS_bpf = 321;
    private const int SYS_pidfd_open = 434;

    [LinuxFact("gcc", Root = true, Needs = KernelBtf.Path)]
    public void Root_to_whom_a_sandbox_refuses_bpf_is_told_that_it_is_the_sandbox()
    {
        Findings found = Findings.Refusing([Rule(SYS_bpf, EPERM)]);
        found.Result.Expect(0);
        Assert.Equal("missing blocked EPERM", found["bpf-syscall"]);
        Assert.Equal("missing blocked EPERM", found["bpf-vma-loop"]);
        Assert.Equal("missing needs-other EPERM", found["bpf"]);
        Assert.Equal("bpf-syscall", found.Property("bpf", "needs"));
        Assert.Equal("ok", found["bpf-btf"]);
        Assert.Equal("ok", found["procfs"]);
    }

    [LinuxFact("gcc", Root = true, Needs = KernelBtf.Path)]
    public void A_kernel_without_a_call_lacks_it()
    {
        Findings found = Findings.Refusing(
            [Rule(SYS_bpf, ENOSYS), Rule(SYS_pidfd_open, ENOSYS), Rule(SYS_ptrace, ENOSYS), Rule(SYS_socket, EPROTONOSUPPORT, 2, 11)]);
        Assert.Equal("missing kernel-lacks ENOSYS", found["bpf-syscall"]);
        Assert.Equal("missing kernel-lacks ENOSYS", found["pidfd"]);
        Assert.Equal("missing needs-other ENOSYS", found["pidfd-info"]);
        Assert.Equal("missing kernel-lacks ENOSYS", found["ptrace"]);
        Assert.Equal("missing kernel-lacks EPROTONOSUPPORT", found["proc-connector"]);
        found.Result.Expect(0);
    }

    [LinuxFact("gcc", Root = true)]
    public void Programs_can_be_refused_where_maps_are_not()
    {
        const uint ProgLoad = 5;
        Findings found = Findings.Refusing([Rule(SYS_bpf, EPERM, 0, ProgLoad)]);
        Assert.Equal("ok", found["bpf-syscall"]);
        Assert.Equal("ok", found["bpf-mmap-array"]);
        Assert.Equal("missing blocked EPERM", found["bpf-syscall-program"]);
        Assert.Equal("bpf-syscall-program", found.Property("bpf", "needs"));
    }

    [LinuxFact("gcc", Root = true)]
    public void Programs_that_load_may_still_not_run()
    {
        const uint TestRun = 10;
        Findings found = Findings.Refusing([Rule(SYS_bpf, ENODEV, 0, TestRun)], "bpf-syscall-program", "bpf-rcu", "bpf");
        Assert.Equal("missing rejected ENODEV", found["bpf-syscall-program"]);
        Assert.Equal("ok", found["bpf-rcu"]);
        Assert.Equal("missing needs-other ENODEV", found["bpf"]);
        Assert.Equal("bpf-syscall-program", found.Property("bpf", "needs"));
    }

    [LinuxFact("gcc")]
    public void Older_kernels_answer_ENOTTY_to_the_ioctls()
    {
        Findings found = Findings.Refusing(
            [Rule(SYS_ioctl, ENOTTY, 1, 0xC0686611), Rule(SYS_ioctl, ENOTTY, 1, 0xC040FF0B)], "maps", "procmap-query", "pidfd", "pidfd-info");
        Assert.Equal("ok", found["maps"]);
        Assert.Equal("missing kernel-lacks ENOTTY", found["procmap-query"]);
        Assert.Equal("ok", found["pidfd"]);
        Assert.Equal("missing kernel-lacks ENOTTY", found["pidfd-info"]);
        Assert.Equal("Linux 6.11 has it", found.Property("procmap-query", "remedy"));
        found.Result.Expect(1);
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void Who_may_not_bind_to_the_connector_is_told_which_capability_it_takes()
    {
        string refuse = Workload.Build("refuse");
        Assert.Equal("missing blocked EPERM", Findings.Refusing([Rule(SYS_bind, EPERM)], "proc-connector")["proc-connector"]);
        Findings nobody = Findings.Under([.. User.Nobody, refuse, Rule(SYS_bind, EPERM), "--"], "proc-connector");
        Assert.Equal("missing not-permitted EPERM", nobody["proc-connector"]);
        Assert.Contains("CAP_NET_ADMIN", nobody.Property("proc-connector", "remedy"), System.StringComparison.Ordinal);
    }

    [LinuxFact("unshare", Root = true, Needs = KernelBtf.Path)]
    public void In_a_user_namespace_capabilities_do_not_count()
    {
        Findings asRoot = Findings.Under(["unshare", "--user", "--map-root-user"]);
        asRoot.Result.Expect(0);
        Assert.Equal("limited not-initial-namespace", asRoot["user-namespace"]);
        Assert.Equal("limited in-user-namespace", asRoot["cap-bpf"]);
        Assert.Equal("missing in-user-namespace EPERM", asRoot["bpf-syscall-program"]);
        Assert.Equal("missing needs-other EPERM", asRoot["bpf"]);
        Assert.Equal("missing not-initial-namespace", asRoot["proc-connector"]);

        Findings asNobody = Findings.Under(["unshare", "--user"]);
        Assert.Equal("missing not-permitted", asNobody["cap-bpf"]);
        Assert.Equal("missing in-user-namespace EPERM", asNobody["bpf-syscall-program"]);
        Assert.Equal("ok", asNobody["procfs"]);
    }

    [LinuxFact("unshare", Root = true)]
    public void In_a_pid_namespace_the_other_processes_are_out_of_sight()
    {
        Findings found = Findings.Under(["unshare", "--pid", "--fork", "--mount-proc"]);
        Assert.Equal("limited not-initial-namespace", found["pid-namespace"]);
        Assert.Equal("ok", found["procfs"]);
        Assert.Equal("missing not-initial-namespace", found["proc-connector"]);
        Assert.Equal("missing other-pid-namespace", Findings.Under(["unshare", "--pid", "--fork"], "procfs")["procfs"]);
    }

    [LinuxFact("unshare", Root = true)]
    public void The_connector_is_not_reached_from_another_network_namespace()
    {
        Findings found = Findings.Under(["unshare", "--net"], "proc-connector");
        Assert.Equal("missing not-initial-namespace ECONNREFUSED", found["proc-connector"]);
        found.Result.Expect(1);
    }

    [LinuxFact("unshare", "setpriv", Root = true)]
    public void Hidepid_limits_those_whom_it_hides_processes_from()
    {
        const string AsNobody = "; set -- setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all -- \"$@\"";
        Assert.Equal("ok exempt-from-hiding", Findings.WithMounts("mount -t proc -o hidepid=2 proc /proc", "hidepid")["hidepid"]);
        Assert.Equal("limited hidden ENOENT", Findings.WithMounts("mount -t proc -o hidepid=2 proc /proc" + AsNobody, "hidepid")["hidepid"]);
        Assert.Equal("limited hidden EPERM", Findings.WithMounts("mount -t proc -o hidepid=1 proc /proc" + AsNobody, "hidepid")["hidepid"]);
        Assert.Equal("ok exempt-from-hiding", Findings.WithMounts("mount -t proc -o hidepid=2,gid=65534 proc /proc" + AsNobody, "hidepid")["hidepid"]);
        Assert.Equal("ok", Findings.WithMounts("mount -t proc -o hidepid=2 proc /proc; mount -t proc proc /proc" + AsNobody, "hidepid")["hidepid"]);
    }

    [LinuxFact("unshare", Root = true)]
    public void A_proc_without_the_boot_id_is_not_enough_for_a_capture()
    {
        Findings found = Findings.WithMounts("mount -t proc -o subset=pid proc /proc");
        Assert.Equal("missing hidden ENOENT", found["procfs"]);
        found.Result.Expect(1);
        Assert.False(found.Result.Json.GetProperty("capture").GetBoolean());
        Assert.Equal(0, found.Result.Json.GetProperty("transports").GetArrayLength());
    }

    [LinuxFact("unshare", Root = true)]
    public void Without_libzstd_no_capture_is_possible()
    {
        const string Hide = "for library in $(find / -xdev -name 'libzstd.so*' -type f); do mount --bind /dev/null \"$library\"; done";
        Findings found = Findings.WithMounts(Hide);
        Assert.Equal("missing not-installed", found["libzstd"]);
        found.Result.Expect(1);
    }

    [LinuxFact("unshare", Root = true, Needs = KernelBtf.Path)]
    public void Without_the_kernels_types_there_is_no_BPF_transport()
    {
        Findings none = Findings.WithMounts("mount -t tmpfs none /sys/kernel/btf", "bpf", "bpf-btf", "bpf-rcu", "bpf-iter-task", "bpf-syscall");
        Assert.Equal("missing kernel-lacks ENOENT", none["bpf-btf"]);
        Assert.Equal("missing needs-other ENOENT", none["bpf-rcu"]);
        Assert.Equal("missing needs-other ENOENT", none["bpf-iter-task"]);
        Assert.Equal("missing needs-other ENOENT", none["bpf"]);
        Assert.Equal("ok", none["bpf-syscall"]);

        Findings strange = Findings.WithMounts("mount --bind /bin/sh /sys/kernel/btf/vmlinux", "bpf-btf", "bpf");
        Assert.Equal("missing unknown-form EPROTO", strange["bpf-btf"]);
        strange.Result.Expect(1);
    }

    [LinuxFact("unshare", Root = true)]
    public void A_BPF_file_system_that_is_not_mounted_is_noticed()
    {
        Findings found = Findings.WithMounts("mount -t tmpfs none /sys/fs/bpf", "bpffs");
        Assert.Equal("missing not-mounted", found["bpffs"]);
        Assert.Equal("mount -t bpf bpf /sys/fs/bpf", found.Property("bpffs", "remedy"));
        Assert.Equal("ok", Findings.WithMounts("mount -t bpf bpf /sys/fs/bpf", "bpffs")["bpffs"]);
    }

    [LinuxFact("gcc", "unshare", "setpriv", Root = true)]
    public void The_JIT_setting_counts_where_no_program_can_be_loaded()
    {
        // The setting alone does not convince: a program that was loaded does.
        const string Off = "echo 0 > /tmp/jit-off-$$; mount --bind /tmp/jit-off-$$ /proc/sys/net/core/bpf_jit_enable; rm /tmp/jit-off-$$";
        string refuse = $"; set -- {Workload.Build("refuse")} {Rule(SYS_bpf, EPERM)} -- \"$@\"";
        Assert.Equal("ok", Findings.WithMounts(Off, "bpf-jit")["bpf-jit"]);
        Assert.Equal("missing switched-off", Findings.WithMounts(Off + refuse, "bpf-jit")["bpf-jit"]);
        Assert.Equal("limited unknown-form ENOENT", Findings.Under(["unshare", "--net", Workload.Build("refuse"), Rule(SYS_bpf, EPERM), "--"], "bpf-jit")["bpf-jit"]);
    }

    [LinuxFact("unshare", "setpriv", Root = true)]
    public void The_ptrace_scope_limits_attaching()
    {
        string[] root = ["ok", "ok", "ok", "missing attaching-is-off"];
        string[] nobody = ["ok", "limited descendants-only", "missing not-permitted", "missing attaching-is-off"];
        for (int scope = 0; scope <= 3; scope++)
        {
            string mount = "id=$(cat /proc/sys/kernel/random/boot_id); mount -t tmpfs none /proc/sys/kernel; mkdir /proc/sys/kernel/yama /proc/sys/kernel/random;"
                + $" echo $id > /proc/sys/kernel/random/boot_id; echo {scope} > /proc/sys/kernel/yama/ptrace_scope";
            Assert.Equal((scope, root[scope]), (scope, Findings.WithMounts(mount, "ptrace")["ptrace"]));
            Assert.Equal((scope, nobody[scope]), (scope, Findings.WithMounts(mount + "; set -- " + string.Join(' ', User.Nobody) + " \"$@\"", "ptrace")["ptrace"]));
        }
    }

    private static string Rule(int call, int errno) => string.Create(CultureInfo.InvariantCulture, $"{call}:{errno}");

    private static string Rule(int call, int errno, int argument, uint value) =>
        string.Create(CultureInfo.InvariantCulture, $"{call}:{errno}:{argument}=0x{value:x}");
}
