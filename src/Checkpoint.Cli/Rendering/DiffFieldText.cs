using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>One changed field for people: old and new value, or what was added and taken away.</summary>
/// <param name="diff">The trees, for clocks and names of users.</param>
internal sealed class DiffFieldText(TreeDiff diff)
{
    private const string None = "none";

    /// <summary>Of more the names say less than the whole sets in words.</summary>
    private const int FewCapabilities = 8;

    /// <summary>Bytes of two environments up to which their variables are told by name.</summary>
    private const int ManyVariables = 512 << 10;

    private readonly Dictionary<uint, string> _oldUsers = ProcessText.UserNames(diff.Old);
    private readonly Dictionary<uint, string> _newUsers = ProcessText.UserNames(diff.New);

    /// <summary>The change without the field's name.</summary>
    internal string Of(FieldChange change)
    {
        FieldFormat format = change.Field.Format;
        if (change is { Old.IsNone: false, New.IsNone: false })
        {
            switch (format)
            {
                case FieldFormat.Capabilities when ulong.PopCount(change.Old.Number ^ change.New.Number) <= FewCapabilities:
                    return Sets(Names(change.New.Number & ~change.Old.Number), Names(change.Old.Number & ~change.New.Number));
                case FieldFormat.Signals:
                    return Sets(SignalNames.List(change.New.Number & ~change.Old.Number), SignalNames.List(change.Old.Number & ~change.New.Number));
                case FieldFormat.Parts:
                    return Sets(Parts(change.New.Number & ~change.Old.Number), Parts(change.Old.Number & ~change.New.Number));
                case FieldFormat.List:
                    return Sets(Numbers(change.New.List, change.Old.List), Numbers(change.Old.List, change.New.List));
                case FieldFormat.Variables when change.Old.Bytes.Length + change.New.Bytes.Length <= ManyVariables:
                    return Variables(change.Old.Bytes, change.New.Bytes);
            }
        }

        string text = Value(format, change.Old, isNew: false) + " -> " + Value(format, change.New, isNew: true);
        return change is { Old.IsNumber: true, New.IsNumber: true } ? text + Distance(format, change.Old.Number, change.New.Number) : text;
    }

    private static string Sets(IEnumerable<string> added, IEnumerable<string> removed)
    {
        List<string> words = [];
        foreach (string word in added)
        {
            words.Add("+" + word);
        }

        foreach (string word in removed)
        {
            words.Add("-" + word);
        }

        return words.Count == 0 ? "in another order" : string.Join(' ', words);
    }

    private static List<string> Names(ulong capabilities) => CapabilityNames.List(capabilities).ConvertAll(name => name["cap_".Length..]);

    private static IEnumerable<string> Parts(ulong parts)
    {
        for (ulong rest = parts; rest != 0; rest &= rest - 1)
        {
            yield return KernelNames.Part((CapturePart)BitOperations.TrailingZeroCount(rest));
        }
    }

    private static List<string> Numbers(ReadOnlySpan<uint> all, ReadOnlySpan<uint> without)
    {
        HashSet<uint> known = new(without.Length, IdHash.Comparer);
        foreach (uint number in without)
        {
            known.Add(number);
        }

        List<string> numbers = [];
        foreach (uint number in all)
        {
            if (!known.Contains(number))
            {
                numbers.Add(ProcessText.Number(number));
            }
        }

        return numbers;
    }

    /// <summary>Which variables differ; their values may be secrets, and are in the JSON.</summary>
    private static string Variables(ByteString old, ByteString @new)
    {
        Dictionary<ByteString, ByteString> before = ByName(old);
        Dictionary<ByteString, ByteString> after = ByName(@new);
        List<string> words = [];
        foreach ((ByteString name, ByteString value) in after)
        {
            bool known = before.TryGetValue(name, out ByteString was);
            if (!known || was != value)
            {
                words.Add((known ? "~" : "+") + name);
            }
        }

        foreach (ByteString name in before.Keys)
        {
            if (!after.ContainsKey(name))
            {
                words.Add("-" + name);
            }
        }

        return words.Count == 0 ? "in another order" : string.Join(' ', words);
    }

    private static Dictionary<ByteString, ByteString> ByName(ByteString variables)
    {
        Dictionary<ByteString, ByteString> values = [];
        foreach (ByteString variable in ProcessText.Split(variables))
        {
            int end = variable.Span.IndexOf((byte)'=');
            values[end < 0 ? variable : new ByteString(variable.Span[..end])] = variable;
        }

        return values;
    }

    private static string Distance(FieldFormat format, ulong old, ulong @new) => format switch
    {
        FieldFormat.Size => $" ({DiffQuantity.Signed((Int128)@new - old)})",
        FieldFormat.Number => $" ({DiffQuantity.Signed(old, @new)})",
        _ => "",
    };

    private string Value(FieldFormat format, FieldValue value, bool isNew)
    {
        if (value.IsNone)
        {
            return None;
        }

        ulong number = value.Number;
        return format switch
        {
            FieldFormat.Number or FieldFormat.Inode => ProcessText.Number(number),
            FieldFormat.Signed => ProcessText.Number((long)number),
            FieldFormat.Size => Quantity.Bytes(number),
            FieldFormat.Ticks => DiffQuantity.Seconds(number, (isNew ? diff.New : diff.Old).Capture.ClockTicks),
            FieldFormat.Uid => User((uint)number, isNew),
            FieldFormat.Capabilities => CapabilityNames.Summary(number),
            FieldFormat.Signals => number == 0 ? None : string.Join(',', SignalNames.List(number)),
            FieldFormat.Signal => (long)number > 0 ? SignalNames.Name((int)number) : None,
            FieldFormat.Octal => "0" + Convert.ToString((long)number, 8),
            FieldFormat.Hex => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}"),
            FieldFormat.State => KernelNames.State((TaskState)number),
            FieldFormat.Policy => KernelNames.Policy((uint)number),
            FieldFormat.Seccomp => KernelNames.Seccomp((uint)number),
            FieldFormat.Tty => TtyName.Of((int)number) ?? None,
            FieldFormat.Boolean => number == 0 ? "no" : "yes",
            FieldFormat.Text => value.Bytes.IsEmpty ? "\"\"" : value.Bytes.ToString(),
            FieldFormat.Strings => value.Bytes.IsEmpty ? None : ProcessText.Arguments(value.Bytes.Span),
            FieldFormat.Variables => Quantity.Count(ProcessText.Count(value.Bytes), "variable"),
            FieldFormat.BuildId => Convert.ToHexStringLower(value.Bytes.Span),
            FieldFormat.List => value.List.IsEmpty ? None : string.Join(' ', value.List.ToArray()),
            _ => string.Join(' ', Parts(number)),
        };
    }

    private string User(uint uid, bool isNew) =>
        (isNew ? _newUsers : _oldUsers).TryGetValue(uid, out string? name) ? $"{ProcessText.Number(uid)} {name}" : ProcessText.Number(uid);
}
