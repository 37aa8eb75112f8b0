using System;
using System.IO;
using System.Runtime.Versioning;
using Checkpoint.Linux;
using Checkpoint.Linux.Interop;
using Xunit;

namespace Checkpoint.Tests.Cli;

[UnsupportedOSPlatform("windows")]
public class AtomicOutputTests
{
    private static readonly byte[] Content = "content"u8.ToArray();

    public static TheoryData<bool> BothWays => [true, false];

    [Theory]
    [MemberData(nameof(BothWays))]
    public void Nothing_is_visible_before_the_commit_and_all_of_it_after(bool overwrite)
    {
        using TempFolder folder = new();
        using (AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite))
        {
            output.Stream.Write(Content);
            Assert.Empty(folder.Entries);
            output.Commit();
        }

        Assert.Equal([folder["a"]], folder.Entries);
        Assert.Equal(Content, File.ReadAllBytes(folder["a"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a"]));
    }

    [Fact]
    public void Without_a_commit_nothing_is_left()
    {
        using TempFolder folder = new();
        using (AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite: false))
        {
            output.Stream.Write(Content);
        }

        Assert.Empty(folder.Entries);
    }

    [Fact]
    public void A_file_that_exists_is_refused_at_once()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a"], "old");
        AssertFails(folder["a"], Errno.EEXIST);
        Assert.Equal("old", File.ReadAllText(folder["a"]));
    }

    [Fact]
    public void A_file_that_someone_made_meanwhile_is_kept()
    {
        using TempFolder folder = new();
        using (AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite: false))
        {
            output.Stream.Write(Content);
            File.WriteAllText(folder["a"], "other");
            Assert.True(Assert.Throws<OutputException>(output.Commit).AlreadyExists);
        }

        Assert.Equal("other", File.ReadAllText(folder["a"]));
        Assert.Single(folder.Entries);
    }

    [Fact]
    public void Overwriting_replaces_the_file_and_its_mode()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a"], "old and longer than the new content");
        using (AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite: true))
        {
            output.Stream.Write(Content);
            output.Commit();
        }

        Assert.Equal([folder["a"]], folder.Entries);
        Assert.Equal(Content, File.ReadAllBytes(folder["a"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a"]));
    }

    [Fact]
    public void Overwriting_without_a_commit_keeps_the_old_file()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a"], "old");
        using (AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite: true))
        {
            output.Stream.Write(Content);
        }

        Assert.Equal("old", File.ReadAllText(folder["a"]));
        Assert.Single(folder.Entries);
    }

    [Fact]
    public void Overwriting_through_a_link_replaces_its_target()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["target"], "old");
        File.CreateSymbolicLink(folder["link"], "target");
        using (AtomicOutput output = AtomicOutput.Create(folder["link"], overwrite: true))
        {
            output.Stream.Write(Content);
            output.Commit();
        }

        Assert.Equal("target", new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal(Content, File.ReadAllBytes(folder["target"]));
        Assert.Equal(2, folder.Entries.Length);
    }

    [Fact]
    public void A_dangling_link_is_in_the_way()
    {
        using TempFolder folder = new();
        File.CreateSymbolicLink(folder["link"], "nowhere");
        AssertFails(folder["link"], Errno.EEXIST);
    }

    [Fact]
    public void Folders_and_missing_folders_are_refused_at_once()
    {
        using TempFolder folder = new();
        AssertFails(folder.Root, Errno.EISDIR);
        AssertFails(folder["new/"], Errno.EISDIR);
        AssertFails(folder["none/a"], Errno.ENOENT);
        File.WriteAllText(folder["file"], "");
        AssertFails(folder["file/a"], 20);
        AssertFails(folder[new string('x', 256)], Errno.ENAMETOOLONG);
    }

    [Fact]
    public void A_name_of_the_longest_length_can_be_replaced()
    {
        using TempFolder folder = new();
        string path = folder[new string('x', 255)];
        File.WriteAllText(path, "old");
        using AtomicOutput output = AtomicOutput.Create(path, overwrite: true);
        output.Commit();
        Assert.Equal("", File.ReadAllText(path));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public void A_device_is_written_straight_to_and_stays(bool overwrite)
    {
        using (AtomicOutput output = AtomicOutput.Create("/dev/null", overwrite))
        {
            output.Stream.Write(Content);
            output.Commit();
        }

        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }

    [Fact]
    public void A_full_device_is_told_with_its_errno()
    {
        using AtomicOutput output = AtomicOutput.Create("/dev/full", overwrite: false);
        OutputException e = Assert.Throws<OutputException>(() => output.Stream.Write(Content));
        Assert.Equal(Errno.ENOSPC, e.Errno);
        Assert.Equal("/dev/full", e.Path);
    }

    [RootFact]
    public void A_full_disk_is_told_and_nothing_is_left()
    {
        using TinyDisk disk = new();
        using (AtomicOutput output = AtomicOutput.Create(disk.Folder["a"], overwrite: false))
        {
            OutputException e = Assert.Throws<OutputException>(() => output.Stream.Write(new byte[100_000]));
            Assert.Equal(Errno.ENOSPC, e.Errno);
        }

        Assert.Empty(disk.Folder.Entries);
        Assert.Equal(new DriveInfo(disk.Folder.Root).TotalSize, new DriveInfo(disk.Folder.Root).AvailableFreeSpace);
    }

    [Fact]
    public void A_second_commit_is_a_misuse()
    {
        using TempFolder folder = new();
        using AtomicOutput output = AtomicOutput.Create(folder["a"], overwrite: false);
        output.Commit();
        Assert.Throws<InvalidOperationException>(output.Commit);
    }

    private static void AssertFails(string path, int errno)
    {
        OutputException e = Assert.Throws<OutputException>(() => AtomicOutput.Create(path, overwrite: false));
        Assert.Equal(errno, e.Errno);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
    }
}
