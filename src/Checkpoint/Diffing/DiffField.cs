using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>A field that is compared.</summary>
public sealed class DiffField
{
    private readonly Func<DiffSubject, FieldValue> _get;

    /// <summary>Declares a field.</summary>
    internal DiffField(
        string name, ChangeKind kind, FieldFormat format, CapturePart? part, RoleRule inRole, Func<DiffSubject, FieldValue> get, bool isUnknownWithoutValue = false)
    {
        IsUnknownWithoutValue = isUnknownWithoutValue;
        Name = name;
        Kind = kind;
        Format = format;
        Part = part;
        InRole = inRole;
        _get = get;
    }

    /// <summary>What is compared of a process, in a fixed order.</summary>
    public static IReadOnlyList<DiffField> OfProcess => ProcessFields.All;

    /// <summary>What is compared of a thread, in a fixed order.</summary>
    public static IReadOnlyList<DiffField> OfThread => ThreadFields.All;

    /// <summary>Its name, lower case with underscores; a process's and its threads' counters have the same names.</summary>
    public string Name { get; }

    /// <summary>What it is about.</summary>
    public ChangeKind Kind { get; }

    /// <summary>What its value means.</summary>
    public FieldFormat Format { get; }

    /// <summary>The part of the task it comes from: not compared if that could not be captured on one side; null if it tells so itself.</summary>
    internal CapturePart? Part { get; }

    /// <summary>Whether its value is user or group ids, which are numbers of the reader's user namespace.</summary>
    internal bool IsUserOrGroup { get; init; }

    /// <summary>Whether no value means that the kernel did not tell it to whoever captured it, without a gap: then it is not compared.</summary>
    internal bool IsUnknownWithoutValue { get; }

    /// <summary>How it is compared by role.</summary>
    internal RoleRule InRole { get; }

    /// <summary>Reads the value.</summary>
    internal FieldValue Get(in DiffSubject subject) => _get(subject);
}
