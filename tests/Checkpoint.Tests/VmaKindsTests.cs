using System;
using System.Text;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests;

public class VmaKindsTests
{
    [Theory]
    [InlineData("rw-p", 0, "", VmaKind.Anon)]
    [InlineData("rwxp", 0, "", VmaKind.Anon)]
    [InlineData("rw-p", 0, "[anon:stack]", VmaKind.Anon)]
    [InlineData("rw-p", 0, "[heap", VmaKind.Anon)]
    [InlineData("---p", 0, "", VmaKind.Guard)]
    [InlineData("---p", 0, "[anon:guard]", VmaKind.Guard)]
    [InlineData("rw-p", 0, "[heap]", VmaKind.Heap)]
    [InlineData("---p", 0, "[heap]", VmaKind.Heap)]
    [InlineData("rwxp", 0, "[stack]", VmaKind.Stack)]
    [InlineData("r-xp", 0, "[vdso]", VmaKind.Vdso)]
    [InlineData("r--p", 0, "[vvar]", VmaKind.Vvar)]
    [InlineData("r--p", 0, "[vvar_vclock]", VmaKind.Vvar)]
    [InlineData("--xp", 0, "[vsyscall]", VmaKind.Vsyscall)]
    [InlineData("--xp", 0, "[uprobes]", VmaKind.Special)]
    [InlineData("r-xp", 0, "[sigpage]", VmaKind.Special)]
    [InlineData("r-xp", 0, "[anon:[uprobes]]", VmaKind.Anon)]
    [InlineData("rw-p", 0, "[stack:123]", VmaKind.Stack)]
    [InlineData("r-xp", 7, "/usr/lib/libc.so.6", VmaKind.Code)]
    [InlineData("rwxp", 7, "/usr/lib/libc.so.6 (deleted)", VmaKind.Code)]
    [InlineData("r-xs", 7, "/usr/lib/libc.so.6", VmaKind.Code)]
    [InlineData("rw-p", 7, "/usr/lib/libc.so.6", VmaKind.Data)]
    [InlineData("r--p", 7, "/usr/lib/libc.so.6", VmaKind.File)]
    [InlineData("---p", 7, "/usr/lib/libc.so.6", VmaKind.File)]
    [InlineData("r--p", 7, "", VmaKind.File)]
    [InlineData("r--p", 0, "/on/a/file/system/without/inodes", VmaKind.File)]
    [InlineData("r--s", 7, "/usr/lib/gconv/gconv-modules.cache", VmaKind.Shared)]
    [InlineData("rw-s", 7, "/dev/dri/card0", VmaKind.Shared)]
    [InlineData("rw-s", 7, "anon_inode:[perf_event]", VmaKind.Shared)]
    [InlineData("rw-s", 7, "/dev/zero (deleted)", VmaKind.Shm)]
    [InlineData("rw-s", 7, "/SYSV00001234 (deleted)", VmaKind.Shm)]
    [InlineData("rw-s", 7, "/dev/shm/sem.x", VmaKind.Shm)]
    [InlineData("r-xs", 7, "/memfd:doublemapper (deleted)", VmaKind.Shm)]
    [InlineData("rw-s", 7, "[anon_shmem:x]", VmaKind.Shm)]
    [InlineData("rw-s", 7, "/anon_hugepage (deleted)", VmaKind.Shm)]
    [InlineData("rw-s", 0, "", VmaKind.Shm)]
    [InlineData("rw-p", 7, "/dev/zero", VmaKind.Anon)]
    [InlineData("rw-p", 7, "/anon_hugepage (deleted)", VmaKind.Anon)]
    [InlineData("---p", 7, "/anon_hugepage (deleted)", VmaKind.Guard)]
    [InlineData("r-xp", 7, "/memfd:jit (deleted)", VmaKind.Code)]
    [InlineData("rw-p", 7, "/dev/shm/copy", VmaKind.Data)]
    [InlineData("rw-s", 7, "/dev/zeros", VmaKind.Shared)]
    public void A_VMA_has_the_kind_that_its_permissions_and_name_say(string perms, ulong inode, string name, VmaKind expected)
    {
        VmaFlags flags = VmaFlags.AllKnown;
        for (int i = 0; i < 4; i++)
        {
            flags |= perms[i] is '-' or 'p' ? VmaFlags.None : (VmaFlags)(1UL << i);
        }

        Assert.Equal(expected, VmaKinds.Of(flags, new MappedFile(0, 0, inode, SampleTrees.Bytes(name))));
    }

    [Fact]
    public void Memory_without_a_file_is_anonymous() => Assert.Equal(VmaKind.Anon, VmaKinds.Of(VmaFlags.Read, default));

    [Fact]
    public void Every_kind_has_one_word()
    {
        VmaKind[] kinds = Enum.GetValues<VmaKind>();
        Assert.Equal(VmaKinds.Count, kinds.Length);
        Assert.All(kinds, kind => Assert.Equal(kind, VmaKinds.Parse(VmaKinds.Name(kind))));
        Assert.All(kinds, kind => Assert.Equal(kind.ToString().ToLowerInvariant(), VmaKinds.Name(kind)));
        Assert.Null(VmaKinds.Parse("Heap"));
        Assert.Null(VmaKinds.Parse(""));
    }

    [Theory]
    [InlineData(7, "/a (deleted)", "/a")]
    [InlineData(7, "/a (deleted) (deleted)", "/a (deleted)")]
    [InlineData(7, "/a (deleted)x", "/a (deleted)x")]
    [InlineData(0, "[x] (deleted)", "[x] (deleted)")]
    public void A_path_is_the_name_without_the_mark(ulong inode, string name, string path) =>
        Assert.Equal(path, Encoding.UTF8.GetString(VmaKinds.Path(new MappedFile(0, 0, inode, SampleTrees.Bytes(name))).ToArray()));
}
