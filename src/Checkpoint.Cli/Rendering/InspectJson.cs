using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Checkpoint.Cli.Selection;
using Checkpoint.Imaging;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// An image as JSON, schema <c>ckpt.inspect/1</c>: keys in a fixed order, processes by pid, threads by tid, exact numbers.
/// Keys may be added within a schema version, never renamed or given another meaning.
/// </summary>
internal sealed class InspectJson
{
    private readonly Image _image;
    private readonly ProcessTree _tree;
    private readonly Utf8JsonWriter _json;
    private readonly CredentialSets _credentials;
    private readonly SpaceSets _spaces;
    private readonly string _sort;
    private readonly Dictionary<uint, ByteString> _users = new(IdHash.Comparer);

    private InspectJson(Utf8JsonWriter json, Image image, string sort)
    {
        ProcessTree tree = image.Tree;
        _image = image;
        _sort = sort;
        _json = json;
        _tree = tree;
        _credentials = new CredentialSets(tree);
        _spaces = new SpaceSets(tree);
        foreach (UserName user in tree.Users)
        {
            _users.TryAdd(user.Uid, user.Name);
        }
    }

    /// <summary>Writes an image, or one table of it.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="image">The image.</param>
    /// <param name="view">Which table; the overview stands for everything.</param>
    /// <param name="sort">The order of VMAs, one of <see cref="VmaSort"/>.</param>
    internal static void Write(Stream output, Image image, InspectView view, string sort)
    {
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            new InspectJson(json, image, sort).WriteDocument(view);
        }

        output.Write("\n"u8);
    }

    private void WriteDocument(InspectView view)
    {
        bool all = view == InspectView.Overview;
        _json.WriteStartObject();
        _json.WriteString("schema", "ckpt.inspect/1");
        WriteImage();
        CaptureJson.Write(_json, _tree.Capture);
        if (all || view == InspectView.Processes)
        {
            WriteProcesses();
        }

        if (all || view == InspectView.Threads)
        {
            WriteThreads();
        }

        if (all || view == InspectView.Credentials)
        {
            CredentialJson.Write(_json, _credentials, _users);
        }

        if (view == InspectView.Vmas)
        {
            WriteVmasByProcess();
        }

        if (all)
        {
            WriteSpaces();
        }

        if (all || view == InspectView.Files)
        {
            VmaJson.WriteFiles(_json, _tree);
        }

        if (all)
        {
            _json.WriteGaps(_tree.Gaps);
            _json.WriteEvents(_tree.Events);
            WriteUsers();
        }

        _json.WriteEndObject();
    }

    /// <summary>What the file itself is: by its digest two images can be told to be the same.</summary>
    private void WriteImage()
    {
        _json.WriteStartObject("image");
        _json.WriteNumber("format_version", ImageScan.FormatVersion);
        _json.WriteString("digest", Convert.ToHexStringLower(_image.File.Digest.Span));
        _json.WriteNumber("bytes", _image.File.Length);
        _json.WriteBoolean("whole", _image.File.Problem is null);
        _json.WriteNames("missing_sections", _image.Missing);
        _json.WriteEndObject();
    }

    private void WriteProcesses()
    {
        _json.WriteStartArray("processes");
        JsonBatches.Write(
            _json, _tree.Processes,
            (json, process) => ProcessJson.Write(json, _tree.Capture, process, User(process.Leader), _credentials.IndexOf(process.Leader), _spaces.IndexOf(process)),
            static process => (process.Cmdline?.Length ?? 0) + (process.Environ?.Length ?? 0));

        _json.WriteEndArray();
    }

    private void WriteThreads()
    {
        _json.WriteStartArray("threads");
        List<(int Tgid, ThreadEntry Thread)> threads = [];
        foreach (ProcessEntry process in _tree.Processes)
        {
            foreach (ThreadEntry thread in process.Threads)
            {
                threads.Add((process.Tgid, thread));
            }
        }

        JsonBatches.Write(_json, threads, (json, row) =>
            ThreadJson.Write(json, _tree.Capture, row.Tgid, row.Thread, User(row.Thread), _credentials.IndexOf(row.Thread)));

        _json.WriteEndArray();
    }

    private void WriteSpaces()
    {
        _json.WriteStartArray("spaces");
        for (int i = 0; i < _spaces.Entries.Count; i++)
        {
            (AddressSpace space, List<int> pids) = _spaces.Entries[i];
            _json.WriteStartObject();
            _json.WriteNumber("id", i);
            _json.WriteNumbers("pids", pids);
            WriteVmas(space);
            _json.WriteEndObject();
            _json.FlushIfLarge();
        }

        _json.WriteEndArray();
    }

    private void WriteVmasByProcess()
    {
        _json.WriteStartArray("processes");
        foreach (ProcessEntry process in _tree.Processes)
        {
            _json.WriteStartObject();
            _json.WriteNumber("pid", process.Tgid);
            _json.WriteBytes("comm", process.Leader.Comm);
            _json.WriteBoolean("space_changed", process.SpaceChanged);
            if (process.Space is { } space)
            {
                WriteVmas(space);
            }
            else
            {
                _json.WriteNull("vmas");
            }

            _json.WriteEndObject();
            _json.FlushIfLarge();
        }

        _json.WriteEndArray();
    }

    private void WriteVmas(AddressSpace space)
    {
        _json.WriteStartArray("vmas");
        foreach (int index in VmaSort.Order(space, _tree.Files, _sort))
        {
            VmaJson.Write(_json, space, index, _tree.Files);
            _json.FlushIfLarge();
        }

        _json.WriteEndArray();
    }

    private void WriteUsers()
    {
        _json.WriteStartArray("users");
        foreach (UserName user in _tree.Users)
        {
            _json.WriteStartObject();
            _json.WriteNumber("uid", user.Uid);
            _json.WriteBytes("name", user.Name);
            _json.WriteEndObject();
            _json.FlushIfLarge();
        }

        _json.WriteEndArray();
    }

    private ByteString? User(ThreadEntry thread) =>
        thread.Credentials is { } own && _users.TryGetValue(own.Uid.Effective, out ByteString name) ? name : null;
}
