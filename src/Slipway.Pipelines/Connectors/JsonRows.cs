using System.Text;
using Slipway.Core;
using Slipway.Data.JsonLines;

namespace Slipway.Pipelines.Connectors;

/// <summary>Rows whose raw form is a JSON object.</summary>
internal static class JsonRows
{
    public static SourceBatch Parse(JsonRowParser parser, TableSchema schema, IReadOnlyList<string> raw)
    {
        using var batch = new SourceBatchBuilder(schema, int.MaxValue);
        foreach (var text in raw) batch.RowOrFault(parser.Append(Encoding.UTF8.GetBytes(text), batch.Rows), text);
        return batch.End("{}");
    }
}
