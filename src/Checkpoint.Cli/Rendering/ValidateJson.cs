using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Checkpoint.Cli.Commands;
using Checkpoint.Imaging;
using Checkpoint.Linux;
using Checkpoint.Model;
using Checkpoint.Validation;

namespace Checkpoint.Cli.Rendering;

/// <summary>The findings of <c>ckpt validate</c> as JSON (schema <c>ckpt.validate/1</c>).</summary>
internal static class ValidateJson
{
    /// <summary>Writes the document.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="results">The files.</param>
    internal static void Write(Stream output, ValidateRequest request, IReadOnlyList<ValidateResult> results)
    {
        using (Utf8JsonWriter json = JsonValues.Writer(output))
        {
            json.WriteStartObject();
            json.WriteString("schema", "ckpt.validate/1");
            json.WriteString("tier", request.Quick ? "quick" : request.AgainstLive ? "live" : "full");
            json.WriteStartArray("files");
            foreach (ValidateResult result in results)
            {
                WriteFile(json, request, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteFile(Utf8JsonWriter json, ValidateRequest request, ValidateResult result)
    {
        json.WriteStartObject();
        json.WriteBytes("file", new ByteString(FileName.Bytes(result.File)));
        json.WriteString("result", result.Verdict);
        json.WriteNumber("errors", result.Findings.CountOf(Severity.Error));
        json.WriteNumber("warnings", result.Findings.CountOf(Severity.Warning));
        json.WriteNumber("notes", result.Findings.CountOf(Severity.Note));
        json.WriteNumber("omitted", result.Findings.Omitted);
        json.WriteStartArray("findings");
        foreach (Finding finding in result.Findings.Kept)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule.Id);
            json.WriteString("severity", ValidateText.Word(finding.Rule.Severity));
            json.WriteString("section", finding.Section);
            json.WriteOptional("offset", ImageFindings.OffsetOf(finding, result.Sections));
            json.WriteOptional("pid", finding.Tgid);
            json.WriteOptional("tid", finding.Tid);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteSections(json, result.Sections);
        WriteLive(json, result);
        if (result.Salvaged is { } salvaged)
        {
            json.WriteStartObject("salvaged");
            json.WriteBytes("file", new ByteString(FileName.Bytes(request.Salvage!)));
            json.WriteNames("lost", salvaged.Lost);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("salvaged");
        }

        json.WriteEndObject();
    }

    private static void WriteSections(Utf8JsonWriter json, IReadOnlyList<ImageSection> sections)
    {
        json.WriteStartArray("sections");
        foreach (ImageSection section in sections)
        {
            json.WriteStartObject();
            json.WriteString("name", section.Name);
            json.WriteNumber("version", section.Version);
            json.WriteNumber("offset", section.Offset);
            json.WriteNumber("compressed", section.CompressedLength);
            json.WriteNumber("length", section.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLive(Utf8JsonWriter json, ValidateResult result)
    {
        if (!result.WasComparedWithLive)
        {
            json.WriteNull("live");
            return;
        }

        json.WriteStartObject("live");
        json.WriteBoolean("same_boot", !IsOfOtherBoot(result));
        json.WriteNumbers("running", result.Running ?? []);
        json.WriteEndObject();
    }

    private static bool IsOfOtherBoot(ValidateResult result)
    {
        foreach (Finding finding in result.Findings.Kept)
        {
            if (finding.Rule == Rules.LiveBoot)
            {
                return true;
            }
        }

        return false;
    }
}
