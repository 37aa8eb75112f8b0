using System.Collections.Generic;
using System.Text.Json;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>Distinct credentials as JSON.</summary>
internal static class CredentialJson
{
    /// <summary>Writes the property <c>credentials</c>.</summary>
    internal static void Write(Utf8JsonWriter json, CredentialSets sets, Dictionary<uint, ByteString> users)
    {
        json.WriteStartArray("credentials");
        for (int i = 0; i < sets.Entries.Count; i++)
        {
            CredentialSets.Entry entry = sets.Entries[i];
            json.WriteStartObject();
            json.WriteNumber("id", i);
            json.WriteNumbers("pids", entry.Pids);
            WriteThreads(json, entry);
            WriteSet(json, entry.Value, users);
            json.WriteEndObject();
            json.FlushIfLarge();
        }

        json.WriteEndArray();
    }

    /// <summary>Single threads of processes whose threads differ.</summary>
    private static void WriteThreads(Utf8JsonWriter json, CredentialSets.Entry entry)
    {
        json.WriteStartArray("tids");
        foreach ((_, int tid) in entry.Tids)
        {
            json.WriteNumberValue(tid);
        }

        json.WriteEndArray();
    }

    private static void WriteSet(Utf8JsonWriter json, Credentials value, Dictionary<uint, ByteString> users)
    {
        WriteIds(json, "uid", value.Uid);
        WriteIds(json, "gid", value.Gid);
        json.WriteBytes("user", users.TryGetValue(value.Uid.Effective, out ByteString name) ? name : null);
        if (value.Groups is null)
        {
            json.WriteNull("groups");
        }
        else
        {
            json.WriteStartArray("groups");
            foreach (uint group in value.Groups)
            {
                json.WriteNumberValue(group);
            }

            json.WriteEndArray();
        }

        json.WriteNames("cap_inheritable", CapabilityNames.List(value.CapInheritable));
        json.WriteNames("cap_permitted", CapabilityNames.List(value.CapPermitted));
        json.WriteNames("cap_effective", CapabilityNames.List(value.CapEffective));
        json.WriteNames("cap_bounding", CapabilityNames.List(value.CapBounding));
        if (value.CapAmbient is { } ambient)
        {
            json.WriteNames("cap_ambient", CapabilityNames.List(ambient));
        }
        else
        {
            json.WriteNull("cap_ambient");
        }

        if (value.NoNewPrivs is { } noNewPrivs)
        {
            json.WriteBoolean("no_new_privs", noNewPrivs);
        }
        else
        {
            json.WriteNull("no_new_privs");
        }

        json.WriteString("seccomp", value.Seccomp is { } mode ? KernelNames.Seccomp(mode) : null);
        json.WriteOptional("seccomp_filters", value.SeccompFilters);
        json.WriteBytes("label", value.Label);
    }

    /// <summary>The four ids of one kind.</summary>
    internal static void WriteIds(Utf8JsonWriter json, string name, IdSet ids)
    {
        json.WriteStartObject(name);
        json.WriteNumber("real", ids.Real);
        json.WriteNumber("effective", ids.Effective);
        json.WriteNumber("saved", ids.Saved);
        json.WriteNumber("file_system", ids.FileSystem);
        json.WriteEndObject();
    }
}
