using System;
using System.Linq;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>
/// Checks what a tree says against what a kernel can have said. An error is what no capture of a living system can hold,
/// however it raced: the parts of a task are read one after the other while it runs.
/// </summary>
public static class TreeRules
{
    /// <summary>Checks everything.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="findings">Takes what is found.</param>
    public static void Check(ProcessTree tree, FindingList findings)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(findings);
        CaptureRules.Check(tree, findings);
        ParentRules.Check(tree, findings);
        ProcessRules.Check(tree, findings);
        ThreadRules.Check(tree, findings);
        CredentialRules.Check(tree, findings);
        VmaRules.Check(tree, findings);
        NoteRules.Check(tree, findings);
    }

    /// <summary>Whether a salvaged image lost a section, so that there are placeholders instead.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="section">The section.</param>
    /// <returns>Whether it did.</returns>
    internal static bool Lost(ProcessTree tree, string section) => tree.Capture.Lost.Contains(section);
}
