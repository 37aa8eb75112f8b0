using System.Text;
using Checkpoint.Linux.Procfs;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public sealed class MountTableTests
{
    private const int NoProcess = -1;

    [Fact]
    public void Only_a_file_system_on_a_disk_of_this_machine_is_local()
    {
        MountTable mounts = new();
        mounts.Take(Encoding.ASCII.GetBytes("""
            26 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
            27 26 0:40 /sub /data rw - btrfs /dev/vdb rw,subvol=/sub
            28 26 0:41 / /home/a/mnt rw master:1 propagate_from:2 - fuse.sshfs a@b: rw,user_id=1000
            29 26 8:17 / /media/ntfs rw - fuseblk /dev/sdb1 rw
            30 26 0:42 / /net rw - nfs4 server:/ rw
            31 26 0:43 / /merged rw - overlay overlay rw,lowerdir=/a
            32 26 0:44 / /tmp rw - tmpfs tmpfs rw
            33 26 0:45 / /image rw - erofs /file.img ro
            34 26 7:1 / /snap rw - squashfs /dev/loop1 ro
            35 26 0:46 / /dev rw - devtmpfs devtmpfs rw
            36 26 0:47 / /share rw - virtiofs share rw
            nonsense without a dash
            37 26 x:y / / - ext4
            """));
        Assert.All(((uint, uint)[])[(254, 0), (0, 40), (7, 1)], device => Assert.True(mounts.IsLocal(NoProcess, device.Item1, device.Item2)));
        Assert.All(
            ((uint, uint)[])[(0, 41), (8, 17), (0, 42), (0, 43), (0, 44), (0, 45), (0, 46), (0, 47)],
            device => Assert.False(mounts.IsLocal(NoProcess, device.Item1, device.Item2)));
    }

    [Fact]
    public void A_device_that_is_not_mounted_such_as_that_of_sockets_and_memfds_is_not_local()
    {
        MountTable mounts = new();
        mounts.Take("26 1 254:0 / / rw - ext4 /dev/root rw\n"u8);
        Assert.False(mounts.IsLocal(NoProcess, 0, 1));
        Assert.False(mounts.IsLocal(NoProcess, 0, 8));
    }
}
