using System.Globalization;

namespace Slipway.Benchmarks;

/// <summary>Writes a regression forest of a wanted size as PMML, as exporters write them: a line for each node, thresholds of 17 digits, record counts.</summary>
internal static class SyntheticForestFile
{
    private const int Seed = 20261121;
    private const int Fields = 20;
    private const int Depth = 10;

    /// <returns>The number of trees written.</returns>
    public static int Write(string path, long bytes)
    {
        var random = new Random(Seed);
        using var writer = new StreamWriter(path);
        writer.Write("<PMML version=\"4.4\" xmlns=\"http://www.dmg.org/PMML-4_4\">\n<Header/>\n<DataDictionary>\n");
        for (var i = 0; i < Fields; i++) writer.Write($"<DataField name=\"x{i}\" optype=\"continuous\" dataType=\"double\"/>\n");
        writer.Write("<DataField name=\"y\" optype=\"continuous\" dataType=\"double\"/>\n</DataDictionary>\n<MiningModel functionName=\"regression\">\n");
        WriteSchema(writer);
        writer.Write("<Segmentation multipleModelMethod=\"average\">\n");
        var trees = 0;
        while (writer.BaseStream.Position < bytes)
        {
            writer.Write($"<Segment id=\"{++trees}\">\n<True/>\n<TreeModel functionName=\"regression\" missingValueStrategy=\"nullPrediction\" splitCharacteristic=\"binarySplit\">\n");
            WriteSchema(writer);
            var id = 0;
            WriteNode(writer, random, Depth, "<True/>", ref id);
            writer.Write("</TreeModel>\n</Segment>\n");
        }
        writer.Write("</Segmentation>\n</MiningModel>\n</PMML>\n");
        return trees;
    }

    private static void WriteSchema(StreamWriter writer)
    {
        writer.Write("<MiningSchema>\n<MiningField name=\"y\" usageType=\"target\"/>\n");
        for (var i = 0; i < Fields; i++) writer.Write($"<MiningField name=\"x{i}\"/>\n");
        writer.Write("</MiningSchema>\n");
    }

    private static void WriteNode(StreamWriter writer, Random random, int depth, string predicate, ref int id)
    {
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"<Node id=\"{++id}\" score=\"{random.NextDouble():R}\" recordCount=\"{1 << depth}\">\n{predicate}\n"));
        // One node in eight stops early, so that trees are as uneven as fitted ones.
        if (depth > 0 && random.Next(8) > 0)
        {
            var (field, limit) = (random.Next(Fields), random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
            WriteNode(writer, random, depth - 1, $"<SimplePredicate field=\"x{field}\" operator=\"lessOrEqual\" value=\"{limit}\"/>", ref id);
            WriteNode(writer, random, depth - 1, $"<SimplePredicate field=\"x{field}\" operator=\"greaterThan\" value=\"{limit}\"/>", ref id);
        }
        writer.Write("</Node>\n");
    }
}
