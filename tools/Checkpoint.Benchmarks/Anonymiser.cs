using System.IO;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Benchmarks;

/// <summary>Takes from an image what tells the machine it was captured on, for images that are published.</summary>
internal static class Anonymiser
{
    /// <summary>Copies an image; only section <c>capture</c> is another.</summary>
    /// <param name="from">The image.</param>
    /// <param name="to">Where to; must not exist.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    internal static void Copy(string from, string to)
    {
        using FileStream input = File.OpenRead(from);
        ProcessTree tree = ImageReader.Read(input);
        using FileStream output = new(to, FileMode.CreateNew);
        _ = ImageWriter.Write(output, tree with
        {
            Capture = tree.Capture with
            {
                Host = ByteString.FromUtf8("golden"),
                KernelRelease = ByteString.FromUtf8("6.18.0"),
                KernelVersion = ByteString.FromUtf8("#1 SMP PREEMPT_DYNAMIC"),
                BootId = ByteString.FromUtf8("00000000-1111-4222-8333-444444444444"),
            },
        });
    }
}
