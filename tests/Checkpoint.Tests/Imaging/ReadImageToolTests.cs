using System.IO;
using System.Text;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>What <c>tools/read_image.py</c>, written from the specification in another language, shows; its JSON is compared in <see cref="GoldenImageTests"/>.</summary>
public class ReadImageToolTests
{
    [RequiresFact("zstd", "python3-msgpack")]
    public void It_shows_a_line_for_each_process()
    {
        string[] lines = Encoding.UTF8.GetString(Run(SampleTrees.Rich())).TrimEnd('\n').Split('\n');
        Assert.Contains("tool_version: 0.1.0", lines);
        Assert.Contains("400 1 'bash' S 1 8 ['bash', '-l']", lines);
        Assert.Contains("430 410 'dead' Z 1 - []", lines);
        Assert.Contains("4194304 0 '' P 1 0 None", lines);
        Assert.Equal(22 + 6, lines.Length);
    }

    private static byte[] Run(ProcessTree tree)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Images.Write(tree));
            return Tool.Run([], RequiresFactAttribute.Python, Repository.PathOf("tools/read_image.py"), path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
