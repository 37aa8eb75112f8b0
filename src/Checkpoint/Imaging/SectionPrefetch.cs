using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>Sections that are decompressed and checked on other threads before their turn comes: a few, so that memory has a bound.</summary>
/// <param name="limits">The caps.</param>
/// <param name="verify">Whether digests are checked.</param>
internal sealed class SectionPrefetch(ImageLimits limits, bool verify) : IDisposable
{
    /// <summary>Sections at a time: one is taken while two are made ready.</summary>
    private const int Ahead = 3;

    /// <summary>Bytes of content below which a thread costs more than it saves.</summary>
    private const int WorthAThread = 64 << 10;

    private readonly Queue<Pending> _pending = [];
    private readonly Stack<ByteBuffer> _free = [];

    private sealed record Pending(ImageSection Section, ByteBuffer Body, Task Ready);

    /// <summary>Whether one must be taken before the next is added.</summary>
    public bool IsFull => _pending.Count == Ahead;

    /// <summary>Whether nothing is left to be taken.</summary>
    public bool IsEmpty => _pending.Count == 0;

    /// <summary>Begins a section.</summary>
    /// <param name="section">What the table says of it.</param>
    /// <param name="frame">Its frame.</param>
    public void Add(ImageSection section, byte[] frame)
    {
        ByteBuffer body = _free.Count > 0 ? _free.Pop() : new ByteBuffer(limits.SectionBytes, "a section");
        Task ready = new(() => Make(section, frame, body));
        if (section.Length < WorthAThread)
        {
            ready.RunSynchronously();
        }
        else
        {
            ready.Start(TaskScheduler.Default);
        }

        _pending.Enqueue(new Pending(section, body, ready));
    }

    /// <summary>Waits for the section that was added first, and gives it away.</summary>
    /// <param name="take">Takes it; its content is gone after the call.</param>
    /// <exception cref="ImageFormatException">It is not what the table says.</exception>
    public void Take(SectionTaker take)
    {
        Pending next = _pending.Dequeue();
        next.Ready.GetAwaiter().GetResult();
        take(next.Section, next.Body.Memory);
        _free.Push(next.Body);
    }

    /// <summary>Waits for what was begun.</summary>
    public void Dispose()
    {
        foreach (Pending left in _pending)
        {
            _ = left.Ready.ContinueWith(static done => done.Exception, TaskScheduler.Default).Result;
        }
    }

    private void Make(ImageSection section, byte[] frame, ByteBuffer body)
    {
        if (Container.Crc32C(0, frame) != section.Crc32C)
        {
            throw new ImageFormatException(section.Offset, $"section '{section.Name}' is damaged: its checksum is another") { Fault = ImageFault.Frame };
        }

        SectionDecompressor.DecompressWhole(frame, section, body);
        (string name, uint version) = SectionMap.ReadName(body.Span, section.Offset, limits);
        if (name != section.Name || version != section.Version || (verify && section.Digest != new ByteString(Sha256.Of(body.Span))))
        {
            throw new ImageFormatException(section.Offset, $"section '{name}' is not what the section table says of '{section.Name}'") { Fault = ImageFault.Table };
        }
    }
}
