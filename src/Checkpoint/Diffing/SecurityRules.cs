using System;
using System.Collections.Generic;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>Which changes of fields matter to security.</summary>
internal static class SecurityRules
{
    /// <summary>Judges a change.</summary>
    /// <param name="field">The field.</param>
    /// <param name="old">Its old value.</param>
    /// <param name="new">Its new value.</param>
    /// <param name="before">What it was read from.</param>
    /// <param name="after">What the new value was read from.</param>
    /// <returns>The concerns.</returns>
    public static SecurityConcerns Of(DiffField field, FieldValue old, FieldValue @new, in DiffSubject before, in DiffSubject after)
    {
        if (field.Kind == ChangeKind.Executable)
        {
            return OfExecutable(field, old, @new, before.Process, after.Process);
        }

        // What was not known before may have been so before.
        if (field.Kind != ChangeKind.Credentials || before.Thread.Credentials is not { } a || after.Thread.Credentials is not { } b)
        {
            return SecurityConcerns.None;
        }

        return field.Format switch
        {
            FieldFormat.Capabilities => !old.IsNone && (@new.Number & ~old.Number) != 0 ? SecurityConcerns.CapabilityGained : SecurityConcerns.None,
            FieldFormat.Uid => OfId(field.Name.StartsWith("uid", StringComparison.Ordinal), @new.Number, a),
            FieldFormat.List => GainsGroup(a, b.Groups) ? SecurityConcerns.CredentialGained : SecurityConcerns.None,
            FieldFormat.Boolean => old.Number == 1 && @new is { IsNumber: true, Number: 0 } ? SecurityConcerns.NoNewPrivsDropped : SecurityConcerns.None,
            FieldFormat.Seccomp or FieldFormat.Number => @new.IsNumber && @new.Number < old.Number ? SecurityConcerns.SeccompDropped : SecurityConcerns.None,
            FieldFormat.Text => !IsUnconfined(a.Label) && IsUnconfined(b.Label) ? SecurityConcerns.ConfinementDropped : SecurityConcerns.None,
            _ => SecurityConcerns.None,
        };
    }

    /// <summary>A program under the same path that is not the same program; to execute another one is no concern in itself.</summary>
    private static SecurityConcerns OfExecutable(DiffField field, FieldValue old, FieldValue @new, ProcessEntry before, ProcessEntry after) => field.Name switch
    {
        "exe_deleted" => @new.Number == 1 ? SecurityConcerns.ExecutableReplaced : SecurityConcerns.None,
        "exe_build_id" or "exe_inode" when before.Exe == after.Exe && !old.IsNone && !@new.IsNone => SecurityConcerns.ExecutableReplaced,
        _ => SecurityConcerns.None,
    };

    /// <summary>An id is a gain if none of the four was it, and the task could not have taken it on as root anyway.</summary>
    private static SecurityConcerns OfId(bool isUser, ulong id, Credentials before)
    {
        IdSet ids = isUser ? before.Uid : before.Gid;
        bool had = ids.Real == id || ids.Effective == id || ids.Saved == id || ids.FileSystem == id || (!isUser && HasGroup(before, (uint)id));
        bool isGained = had ? isUser && id == 0 && before.Uid.Effective != 0 : before.Uid.Effective != 0;
        return isGained ? SecurityConcerns.CredentialGained : SecurityConcerns.None;
    }

    private static bool GainsGroup(Credentials before, uint[]? groups)
    {
        if (before.Uid.Effective == 0 || before.Groups is null || groups is null)
        {
            return false;
        }

        HashSet<uint> had = new(before.Groups, IdHash.Comparer);
        foreach (uint group in groups)
        {
            if (!had.Contains(group) && group != before.Gid.Real && group != before.Gid.Effective && group != before.Gid.Saved && group != before.Gid.FileSystem)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasGroup(Credentials credentials, uint group) => credentials.Groups is { } groups && Array.IndexOf(groups, group) >= 0;

    private static bool IsUnconfined(ByteString? label) => label is not { } text || text.Span.StartsWith("unconfined"u8);
}
