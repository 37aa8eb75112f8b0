namespace Checkpoint.Cli.Rendering;

/// <summary>How a piece of text looks where colour is allowed; the words alone must say everything.</summary>
internal enum TextStyle
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Headings and labels: bold.</summary>
    Label,

    /// <summary>What deserves a look, such as gaps, deleted programs, memory both writable and executable: red.</summary>
    Alert,
}
