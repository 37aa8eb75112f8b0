using System.Collections.Generic;
using System.Threading.Tasks;

namespace Checkpoint.Imaging;

/// <summary>Compresses sections on other threads while further ones are encoded: a few at a time, so that memory has a bound.</summary>
/// <param name="limits">The caps.</param>
/// <param name="level">zstd level.</param>
internal sealed class SectionPacker(ImageLimits limits, int level)
{
    /// <summary>Sections at a time: one is encoded while two are compressed.</summary>
    private const int AtOnce = 3;

    /// <summary>Bytes of content below which a thread costs more than it saves.</summary>
    private const int WorthAThread = 64 << 10;

    private readonly List<Task<CompressedSection>> _sections = [];
    private readonly Queue<(Task<CompressedSection> Done, ByteBuffer Body)> _running = [];
    private readonly Stack<ByteBuffer> _free = [];
    private long _total;

    /// <summary>Room for the next section; to be given back by <see cref="Add"/>.</summary>
    /// <returns>An empty buffer.</returns>
    public ByteBuffer Rent()
    {
        while (_running.Count > 0 && (_running.Count == AtOnce - 1 || _running.Peek().Done.IsCompleted))
        {
            (Task<CompressedSection> done, ByteBuffer body) = _running.Dequeue();
            _ = done.GetAwaiter().GetResult();
            _free.Push(body);
        }

        ByteBuffer free = _free.Count > 0 ? _free.Pop() : new ByteBuffer(limits.SectionBytes, "a section");
        free.Clear();
        return free;
    }

    /// <summary>Begins to compress a section.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content, in a buffer that was rented.</param>
    /// <exception cref="ImageTooLargeException">All sections together are larger than an image may be.</exception>
    public void Add(string name, ByteBuffer content)
    {
        _total += content.Length;
        if (_total > limits.TotalBytes)
        {
            throw new ImageTooLargeException($"the image would hold more than {limits.TotalBytes} bytes");
        }

        Task<CompressedSection> task = new(() => Compress(name, content));
        if (content.Length < WorthAThread)
        {
            task.RunSynchronously();
        }
        else
        {
            task.Start(TaskScheduler.Default);
        }

        _sections.Add(task);
        _running.Enqueue((task, content));
    }

    /// <summary>Waits for what was begun.</summary>
    /// <returns>The sections in the order in which they were added.</returns>
    public List<CompressedSection> Finish() => _sections.ConvertAll(static section => section.GetAwaiter().GetResult());

    private CompressedSection Compress(string name, ByteBuffer content)
    {
        using SectionCompressor compressor = new(level);
        return compressor.Compress(name, content.Span);
    }
}
