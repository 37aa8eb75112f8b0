using System;
using System.Linq;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class NamesTests
{
    private const ulong Full = 0x1ff_ffff_ffff;

    [Theory]
    [InlineData(0UL, "none")]
    [InlineData(1UL << 13, "net_raw")]
    [InlineData((1UL << 40) | 1, "chown,checkpoint_restore")]
    [InlineData(Full, "full")]
    [InlineData(Full & ~(1UL << 21), "full-sys_admin")]
    [InlineData(Full & ~(1UL << 21) & ~(1UL << 22), "full-sys_admin,sys_boot")]
    [InlineData(Full | (1UL << 41), "full+41")]
    [InlineData(1UL << 63, "63")]
    // The default bounding set of Docker containers, as `capsh --decode=00000000a80425fb` names it.
    [InlineData(
        0xa80425fbUL,
        "chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service,net_raw,sys_chroot,mknod,audit_write,setfcap")]
    public void Capabilities_read_as_capsh_decodes_them(ulong set, string expected) => Assert.Equal(expected, CapabilityNames.Summary(set));

    [Fact]
    public void Capability_lists_are_sorted_and_prefixed() =>
        Assert.Equal(["cap_41", "cap_bpf", "cap_chown"], CapabilityNames.List((1UL << 41) | (1UL << 39) | 1));

    [Theory]
    [InlineData(1, "SIGHUP")]
    [InlineData(17, "SIGCHLD")]
    [InlineData(31, "SIGSYS")]
    [InlineData(34, "SIG34")]
    [InlineData(64, "SIG64")]
    [InlineData(0, "SIG0")]
    public void Signals_have_their_x86_numbers(int number, string expected) => Assert.Equal(expected, SignalNames.Name(number));

    [Fact]
    public void A_signal_mask_starts_at_signal_1() =>
        Assert.Equal(["SIGHUP", "SIGKILL", "SIG64"], SignalNames.List(0x8000_0000_0000_0101).ToArray());

    [Theory]
    [InlineData(0, null)]
    [InlineData(34816, "pts/0")]
    [InlineData(34819, "pts/3")]
    [InlineData(0x8801 | (1 << 20), "pts/257")]
    [InlineData(1025, "tty1")]
    [InlineData(1088, "ttyS0")]
    [InlineData(1281, "console")]
    [InlineData(0x7f05, "127:5")]
    [InlineData(-1, "4095:1048575")]
    public void Terminals_are_named_as_in_dev(int number, string? expected) => Assert.Equal(expected, TtyName.Of(number));

    [Theory]
    [InlineData(0UL, "0 bytes", "0")]
    [InlineData(1023UL, "1023 bytes", "1023")]
    [InlineData(18637UL, "18.2 KiB", "18.2K")]
    [InlineData(1048575UL, "1.0 MiB", "1.0M")]
    [InlineData(ulong.MaxValue, "16.0 EiB", "16.0E")]
    public void Sizes_have_binary_units(ulong bytes, string expected, string expectedShort)
    {
        Assert.Equal(expected, Quantity.Bytes(bytes));
        Assert.Equal(expectedShort, Quantity.ShortBytes(bytes));
    }

    [Fact]
    public void Times_of_hostile_images_are_questions_marks_or_numbers()
    {
        CaptureInfo capture = SampleTrees.Capture(1) with { ClockTicks = 0 };
        Assert.Equal("?", Quantity.StartTime(capture, 5));
        Assert.Equal("?", Quantity.Elapsed(capture, 5));
        Assert.Equal("?", Quantity.CpuTime(capture, 5));

        CaptureInfo extreme = capture with { ClockTicks = 1, TimeUnixNs = long.MaxValue, BootTimeNs = long.MinValue };
        Assert.Equal("?", Quantity.StartTime(extreme, ulong.MaxValue));
        Assert.Equal("00:00:00", Quantity.Elapsed(extreme, ulong.MaxValue));
        Assert.StartsWith("213503982334601-", Quantity.CpuTime(extreme, ulong.MaxValue), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_times_follow_from_the_two_clocks_of_the_capture()
    {
        // Booted exactly one day before the capture; started 100.5 s after boot.
        CaptureInfo capture = SampleTrees.Capture(1) with { ClockTicks = 100, TimeUnixNs = 1_700_086_400_000_000_000, BootTimeNs = 86_400_000_000_000 };
        Assert.Equal("2023-11-14T22:15:00Z", Quantity.StartTime(capture, 10_050));
        Assert.Equal("23:58:19", Quantity.Elapsed(capture, 10_050));
        Assert.Equal("1-00:00:00.07", Quantity.CpuTime(capture, 8_640_007));
    }
}
