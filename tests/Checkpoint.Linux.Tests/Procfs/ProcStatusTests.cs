using System.Linq;
using System.Text;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public class ProcStatusTests
{
    private const string Text =
        "Name:\tod\\nd\nUmask:\t0027\nState:\tS (sleeping)\nTgid:\t7\nPid:\t7\nPPid:\t1\nTracerPid:\t99\nUid:\t1\t2\t3\t4\n"
        + "Gid:\t5\t6\t7\t4294967295\nFDSize:\t64\nGroups:\t0 27 1000 \nNSpid:\t7\t1\nVmPeak:\t    9000 kB\nVmSize:\t    8000 kB\n"
        + "VmLck:\t       4 kB\nVmPin:\t       8 kB\nVmHWM:\t    3000 kB\nVmRSS:\t    2000 kB\nRssAnon:\t    1500 kB\n"
        + "RssFile:\t     400 kB\nRssShmem:\t     100 kB\nVmData:\t     700 kB\nVmStk:\t     132 kB\nVmExe:\t     800 kB\n"
        + "VmLib:\t    1700 kB\nVmPTE:\t      56 kB\nVmSwap:\t      12 kB\nThreads:\t1\nSigPnd:\t0000000000000001\n"
        + "ShdPnd:\t0000000000000002\nSigBlk:\t0000000000010000\nSigIgn:\t0000000000380004\nSigCgt:\tffffffff4b817efb\n"
        + "CapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\t0000000000000004\nCapBnd:\t0000000000000008\n"
        + "CapAmb:\t0000000000000010\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\n";

    [Fact]
    public void Every_key_lands_in_its_field()
    {
        Assert.True(ProcStatus.TryParse(Encoding.UTF8.GetBytes(Text), true, true, out ProcStatus status));
        Assert.Equal(23u, status.Umask);
        Assert.Equal(99, status.TracerPid);
        Assert.Equal(new IdSet(1, 2, 3, 4), status.Uid);
        Assert.Equal(new IdSet(5, 6, 7, uint.MaxValue), status.Gid);
        Assert.Equal("\t0 27 1000 ", Encoding.UTF8.GetString(status.Groups));
        Assert.Equal("\t7\t1", Encoding.UTF8.GetString(status.NsPids));
        Assert.True(status.HasMemory);
        Assert.Equal((9000ul, 8000ul, 4ul, 8ul, 3000ul), (status.VmPeakKb, status.VmSizeKb, status.VmLckKb, status.VmPinKb, status.VmHwmKb));
        Assert.Equal((2000ul, 1500ul, 400ul, 100ul), (status.VmRssKb, status.RssAnonKb, status.RssFileKb, status.RssShmemKb));
        Assert.Equal((700ul, 132ul, 800ul, 1700ul), (status.VmDataKb, status.VmStkKb, status.VmExeKb, status.VmLibKb));
        Assert.Equal((56ul, 12ul), (status.VmPteKb, status.VmSwapKb));
        Assert.Equal(new SignalSets(1, 2, 0x10000, 0x380004, 0xffffffff4b817efb), status.Signals);
        Assert.Equal((1ul, 0x1fffffffffful, 4ul, 8ul), (status.CapInheritable, status.CapPermitted, status.CapEffective, status.CapBounding));
        Assert.Equal((16ul, 1u, 2u, 3u), (status.CapAmbient, status.NoNewPrivs, status.Seccomp, status.SeccompFilters));
    }

    [Fact]
    public void Keys_that_a_kernel_lacks_stay_unset()
    {
        Assert.True(ProcStatus.TryParse(Encoding.UTF8.GetBytes(Without("Umask", "Groups", "VmPin", "SigCgt", "CapAmb", "NoNewPrivs", "Seccomp_filters")), true, true, out ProcStatus status));
        Assert.False(status.HasMemory);
        Assert.False(status.HasSignals);
        Assert.False(status.HasGroups);
        Assert.Null(status.Umask);
        Assert.Null(status.CapAmbient);
        Assert.Null(status.NoNewPrivs);
        Assert.Null(status.SeccompFilters);
    }

    [Theory]
    [InlineData("Uid")]
    [InlineData("Gid")]
    [InlineData("CapInh")]
    [InlineData("CapPrm")]
    [InlineData("CapEff")]
    [InlineData("CapBnd")]
    public void Credentials_of_which_a_line_is_missing_are_refused(string key) =>
        Assert.False(ProcStatus.TryParse(Encoding.UTF8.GetBytes(Without(key)), true, true, out _));

    [Theory]
    [InlineData("Uid:\t1\t2\t3\t4", "Uid:\t1000abc\t2\t3\t4")]
    [InlineData("Uid:\t1\t2\t3\t4", "Uid:\t1\t2\t3")]
    [InlineData("Uid:\t1\t2\t3\t4", "Uid:\t1\t2\t3\t4294967296")]
    [InlineData("CapEff:\t0000000000000004", "CapEff:\t000000000000000g")]
    [InlineData("CapEff:\t0000000000000004", "CapEff:\t00000000000000004")]
    [InlineData("SigBlk:\t0000000000010000", "SigBlk:\t")]
    [InlineData("Umask:\t0027", "Umask:\t0028")]
    [InlineData("VmRSS:\t    2000 kB", "VmRSS:\t    2e3 kB")]
    public void What_is_no_number_where_one_should_be_is_refused(string right, string wrong) =>
        Assert.False(ProcStatus.TryParse(Encoding.UTF8.GetBytes(Text.Replace(right, wrong, System.StringComparison.Ordinal)), true, true, out _));

    private static string Without(params string[] keys) =>
        string.Concat(Text.Split('\n', System.StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !keys.Contains(line[..line.IndexOf(':', System.StringComparison.Ordinal)])).Select(line => line + "\n"));

    [Fact]
    public void What_is_not_wanted_is_not_parsed()
    {
        Assert.True(ProcStatus.TryParse(Encoding.UTF8.GetBytes(Text), false, false, out ProcStatus status));
        Assert.Equal((false, 0ul, 0ul), (status.HasMemory, status.VmSizeKb, status.RssAnonKb));
        Assert.Equal(default, status.Signals);
        Assert.Equal((4ul, 2u, new IdSet(1, 2, 3, 4)), (status.CapEffective, status.Seccomp, status.Uid));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n:::\nName")]
    public void A_text_without_credentials_is_refused(string text) =>
        Assert.False(ProcStatus.TryParse(Encoding.UTF8.GetBytes(text), true, true, out _));
}
