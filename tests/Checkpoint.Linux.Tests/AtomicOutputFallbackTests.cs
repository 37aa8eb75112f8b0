using System;
using System.IO;
using System.Runtime.Versioning;
using Checkpoint.Linux.Interop;
using Xunit;

namespace Checkpoint.Linux.Tests;

/// <summary>The way of file systems without O_TMPFILE: a hidden name until the commit.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AtomicOutputFallbackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ckpt-test-").FullName;

    private string Target => Path.Combine(_folder, "a.ckpt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_commit_turns_the_hidden_name_into_the_real_one(bool overwrite)
    {
        using (AtomicOutput output = AtomicOutput.Create(Target, overwrite, allowUnnamed: false))
        {
            output.Stream.Write("content"u8);
            string hidden = Assert.Single(Directory.GetFileSystemEntries(_folder));
            Assert.Equal($".a.ckpt.{System.Environment.ProcessId}.tmp", Path.GetFileName(hidden));
            output.Commit();
        }

        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
        Assert.Equal("content", File.ReadAllText(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void Without_a_commit_nothing_is_left()
    {
        AtomicOutput.Create(Target, overwrite: false, allowUnnamed: false).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_that_someone_made_meanwhile_is_kept()
    {
        using (AtomicOutput output = AtomicOutput.Create(Target, overwrite: false, allowUnnamed: false))
        {
            File.WriteAllText(Target, "other");
            Assert.Equal(Errno.EEXIST, Assert.Throws<OutputException>(output.Commit).Errno);
        }

        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
        Assert.Equal("other", File.ReadAllText(Target));
    }

    [Fact]
    public void A_name_left_over_by_another_run_is_not_in_the_way()
    {
        string stale = Path.Combine(_folder, $".a.ckpt.{System.Environment.ProcessId}.tmp");
        File.WriteAllText(stale, "stale");
        using (AtomicOutput output = AtomicOutput.Create(Target, overwrite: true, allowUnnamed: false))
        {
            output.Commit();
        }

        Assert.Equal("stale", File.ReadAllText(stale));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }
}
