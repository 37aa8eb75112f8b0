using System.IO;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class OutputPlaceTests
{
    [LinuxFact("gcc", Root = true, Needs = "/dev/fuse")]
    public void Without_hard_links_an_image_is_put_into_place_and_never_over_another()
    {
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        foreach (string[] options in (string[][])[[], ["norename2"]])
        {
            using TempFolder folder = new();
            using PlainFileSystem plain = new(folder.FullName, options);
            string[] dump = [.. Ckpt.Command("dump", "-q", "--pid", target.PidText, "-o", folder["a.ckpt"])];
            plain.Run(dump).Expect(0);
            plain.Run([.. Ckpt.Command("validate", "-q", folder["a.ckpt"])]).Expect(0);
            plain.Run(dump).ExpectOneLine(6, "exists", "--force");
            plain.Run([.. dump, "--force"]).Expect(0);
            plain.Run([.. Ckpt.Command("validate", "-q", folder["a.ckpt"])]).Expect(0);
            Assert.Equal("a.ckpt\n", plain.Run("ls", "-A", folder.FullName).Text);
            Assert.Equal("600\n", plain.Run("stat", "-c", "%a", folder["a.ckpt"]).Text);
        }
    }

    [LinuxFact("setpriv", "mkfifo", Root = true)]
    public void Nothing_is_written_to_a_FIFO_of_another_user()
    {
        using TempFolder folder = new(writableByAll: true);
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Tool.Run([.. User.Nobody, "mkfifo", "-m", "666", folder[target.PidText + ".ckpt"]]).Expect(0);
        using ChildProcess reader = ChildProcess.Launch([.. User.Nobody, "cat", folder[target.PidText + ".ckpt"]]);
        foreach (string[] force in (string[][])[[], ["--force"]])
        {
            RunResult result = Tool.Run([.. Ckpt.Command("dump", "--pid", target.PidText), .. force], Ckpt.Variables, folder.FullName, timeoutSeconds: 20);
            result.ExpectOneLine(6, "another user's FIFO");
        }

        Tool.Run(["mkfifo", folder["own"]]).Expect(0);
        using ChildProcess own = ChildProcess.Launch(["cat", folder["own"]]);
        Ckpt.Run("dump", "-q", "--pid", target.PidText, "-o", folder["own"]).Expect(0);
    }

    [LinuxFact("setpriv", "ln", Root = true)]
    public void Another_users_link_is_not_followed_and_ones_own_is()
    {
        using TempFolder folder = new(writableByAll: true);
        using TempFolder precious = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        File.WriteAllText(precious["file"], "precious");
        Tool.Run([.. User.Nobody, "ln", "-s", precious["file"], folder["theirs"]]).Expect(0);
        Tool.Run([.. User.Nobody, "ln", "-s", "/dev/null", folder["nothing"]]).Expect(0);
        Ckpt.Run("dump", "--force", "--pid", target.PidText, "-o", folder["theirs"]).ExpectOneLine(6, "another user's symbolic link", folder["theirs"]);
        Ckpt.Run("dump", "--pid", target.PidText, "-o", folder["nothing"]).ExpectOneLine(6, "another user's symbolic link");
        Assert.Equal("precious", File.ReadAllText(precious["file"]));

        // Relative, over a second link, in another folder: each step counts from where its link is.
        File.CreateSymbolicLink(folder["first"], Path.GetRelativePath(folder.FullName, precious["second"]));
        File.CreateSymbolicLink(precious["second"], "file");
        Ckpt.Run("dump", "--pid", target.PidText, "-o", folder["first"]).ExpectOneLine(6, "exists");
        Ckpt.Run("dump", "-q", "--force", "--pid", target.PidText, "-o", folder["first"]).Expect(0);
        Ckpt.Run("validate", "-q", precious["file"]).Expect(0);
        Assert.Equal(["file", "second"], precious.Names);
        File.CreateSymbolicLink(folder["round"], "round");
        Ckpt.Run("dump", "--force", "--pid", target.PidText, "-o", folder["round"]).ExpectOneLine(6, "symbolic links");
    }

    [LinuxFact]
    public void What_stands_at_the_name_when_it_is_opened_decides_not_what_stood_there_before()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["file"], "precious");
        File.CreateSymbolicLink(folder["name"], "/dev/null");
        bool stop = false;
        Thread flip = new(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                // One rename for each step: the name is always there.
                File.Copy(folder["file"], folder["next"]);
                File.Move(folder["next"], folder["name"], overwrite: true);
                File.CreateSymbolicLink(folder["link"], "/dev/null");
                File.Move(folder["link"], folder["name"], overwrite: true);
            }
        });
        flip.Start();
        for (int i = 0; i < 20_000; i++)
        {
            try
            {
                using AtomicOutput output = AtomicOutput.Create(folder["name"], overwrite: false);
                output.Stream.Write("written over"u8);
            }
            catch (OutputException e)
            {
                Assert.True(e.Errno is Errno.EEXIST or Errno.EAGAIN, e.Message);
            }
        }

        Volatile.Write(ref stop, true);
        flip.Join();
        Assert.Equal("precious", File.ReadAllText(folder["file"]));
        string last = new FileInfo(folder["name"]).LinkTarget ?? File.ReadAllText(folder["name"]);
        Assert.True(last is "/dev/null" or "precious", last);
    }

    [LinuxFact("bash")]
    public void A_umask_and_a_limit_of_file_sizes_change_nothing()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        Shell.Run("umask 777; \"$ckpt\" dump -q --pid $1 -o \"$2\"", target.PidText, folder["a.ckpt"]).Expect(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["a.ckpt"]));

        // The JIT compiler would need a file of its own for its code.
        Shell.Run("export DOTNET_EnableWriteXorExecute=0; ulimit -f 1; \"$ckpt\" dump -q --pid $1 -o \"$2\"", target.PidText, folder["b.ckpt"]).ExpectOneLine(6, "file too large");
        Assert.Equal(["a.ckpt"], folder.Names);
    }

    [LinuxFact("gcc")]
    public void What_cannot_be_linked_to_its_name_is_copied_there()
    {
        // As without a privilege to link a descriptor and without /proc, by which to name it: linkat(2) says ENOENT.
        const string Refused = "265:2";
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        string[] dump = [Workload.Build("refuse"), Refused, "--", .. Ckpt.Command("dump", "--pid", target.PidText, "-o", folder["a.ckpt"])];
        Tool.Run(dump, Ckpt.Variables).Expect(0);
        Tool.Run(dump, Ckpt.Variables).ExpectOneLine(6, "exists");
        Tool.Run([.. dump, "--force"], Ckpt.Variables).Expect(0);
        Ckpt.Run("validate", "-q", folder["a.ckpt"]).Expect(0);
        Assert.Equal(["a.ckpt"], folder.Names);
    }
}
