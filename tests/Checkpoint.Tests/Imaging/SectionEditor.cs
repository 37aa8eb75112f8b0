using System;
using System.Collections.Generic;
using System.Linq;
using Checkpoint.Imaging;

namespace Checkpoint.Tests.Imaging;

/// <summary>Takes an image apart and replaces single values of its sections, to make images that the writer would not.</summary>
internal sealed class SectionEditor
{
    private readonly List<(string Name, byte[] Body)> _sections;

    public SectionEditor(byte[] image) => _sections = [.. Images.Sections(image).Select(s => (s.Section.Name, s.Body))];

    public IReadOnlyList<(string Name, byte[] Body)> Sections => _sections;

    /// <summary>Sets a key of a section's map; no value removes it.</summary>
    public void Set(string section, string key, Images.WriteAction? value)
    {
        int index = _sections.FindIndex(s => s.Name == section);
        _sections[index] = (section, Edit(_sections[index].Body, key, value));
    }

    /// <summary>Sets a column of a section; no value removes it.</summary>
    public void SetColumn(string section, string column, Images.WriteAction? value)
    {
        byte[] columns = Pairs(Body(section)).Single(p => p.Key == "columns").Value;
        byte[] edited = Edit(columns, column, value);
        Set(section, "columns", (ref writer) => writer.WriteRaw(edited));
    }

    /// <summary>Sets one number of a column, or nil.</summary>
    public void SetRow(string section, string column, int row, long? value)
    {
        byte[] columns = Pairs(Body(section)).Single(p => p.Key == "columns").Value;
        byte[] values = Pairs(columns).Single(p => p.Key == column).Value;
        SetColumn(section, column, (ref writer) =>
        {
            MessagePackReader reader = new(values);
            int count = reader.ReadArrayHeader();
            writer.WriteArrayHeader(count);
            for (int i = 0; i < count; i++)
            {
                int start = reader.Position;
                reader.Skip(16);
                if (i != row)
                {
                    writer.WriteRaw(values.AsSpan(start, reader.Position - start));
                }
                else if (value is long number)
                {
                    writer.Write(number);
                }
                else
                {
                    writer.WriteNil();
                }
            }
        });
    }

    /// <summary>Names of a section's columns.</summary>
    public IEnumerable<string> Columns(string section) =>
        Pairs(Pairs(Body(section)).Single(p => p.Key == "columns").Value).Select(p => p.Key);

    private static byte[] Edit(byte[] map, string key, Images.WriteAction? value)
    {
        List<(string Key, byte[] Value)> pairs = Pairs(map);
        int index = pairs.FindIndex(p => p.Key == key);
        if (value is null)
        {
            pairs.RemoveAt(index);
        }
        else if (index < 0)
        {
            pairs.Add((key, Images.Encode(value)));
        }
        else
        {
            pairs[index] = (key, Images.Encode(value));
        }

        return Images.Encode((ref writer) =>
        {
            writer.WriteMapHeader(pairs.Count);
            foreach ((string name, byte[] bytes) in pairs)
            {
                writer.Write(name);
                writer.WriteRaw(bytes);
            }
        });
    }

    private static List<(string Key, byte[] Value)> Pairs(byte[] map)
    {
        MessagePackReader reader = new(map);
        List<(string Key, byte[] Value)> pairs = [];
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string key = reader.ReadString();
            int start = reader.Position;
            reader.Skip(16);
            pairs.Add((key, map[start..reader.Position]));
        }

        return pairs;
    }

    private byte[] Body(string section) => _sections.Single(s => s.Name == section).Body;
}
