namespace Checkpoint.Model;

/// <summary>The name that a user id had on the captured host (<c>/etc/passwd</c> alone; no name service is asked).</summary>
/// <param name="Uid">User id.</param>
/// <param name="Name">Login name.</param>
public readonly record struct UserName(uint Uid, ByteString Name);
