using System.Collections.Immutable;
using System.Text;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>
/// Reads ONNX models (<c>ModelProto</c> of onnx.proto, https://onnx.ai/onnx/repo-docs/IR.html; IR versions to 13): stage <i>read</i> of the graph engine.
/// Tensors of some size are not copied: they lie where the file is mapped. Fields that this reader does not know are skipped, as protobuf asks;
/// training information is left out. Memory is bounded by the file's own length times a small number.
/// </summary>
internal sealed partial class OnnxReader
{
    private const long NewestIrVersion = 13;

    /// <summary>Before this version initializers had to be inputs, and those inputs were constants.</summary>
    internal const long FirstIrVersionWithDefaults = 4;

    /// <summary>Files of fewer bytes are read: mapping them costs more than it spares.</summary>
    private const int MappedFrom = 1 << 20;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly string _source;
    private readonly ExternalData _externalData;
    private bool _withoutElements;
    private readonly List<(string Field, int Index)> _path = [];
    private readonly Dictionary<string, long> _symbols = new(StringComparer.Ordinal);
    private readonly ImmutableArray<string>.Builder _symbolNames = ImmutableArray.CreateBuilder<string>();

    private OnnxReader(ReadOnlyMemory<byte> file, string source, string? folder)
    {
        _file = file;
        _source = source;
        _externalData = new ExternalData(folder);
    }

    /// <summary>Reads a model file; the tensors keep it mapped.</summary>
    /// <exception cref="ModelException">The file cannot be read, is damaged, or uses what cannot be read here; names file, byte and message.</exception>
    public static ModelDefinition Read(string path) => Read(Load(path), Path.GetFileName(path), Path.GetDirectoryName(Path.GetFullPath(path)));

    /// <summary>Reads a model in memory, which the tensors share and nothing changes.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="folder">Where external data lies; null refuses it.</param>
    /// <exception cref="ModelException">The model is damaged or uses what cannot be read here; names file, byte and message.</exception>
    public static ModelDefinition Read(ReadOnlyMemory<byte> file, string source, string? folder) => Guarded(file, source, folder, static reader => reader.ReadModel());

    /// <summary>The bytes of a file: mapped when it is large.</summary>
    internal static ReadOnlyMemory<byte> Load(string path)
    {
        try
        {
            var length = new FileInfo(path) is { Exists: true } file ? file.Length : throw new ModelException($"{path} does not exist");
            if (length < MappedFrom) return File.ReadAllBytes(path);
            return length <= Array.MaxLength ? MappedFile.Open(path).Slice(0, (int)length) : throw new ModelException($"{path} has {length} bytes, a model has fewer than 2 GB (larger tensors belong into external data)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what a model file asks for and leaves all tensors empty: weights are not touched.</summary>
    /// <inheritdoc cref="Read(string)"/>
    internal static ModelDefinition ReadStructure(string path) => Guarded(Load(path), Path.GetFileName(path), null, static reader => reader.ReadModel(), withoutElements: true);

    private static T Guarded<T>(ReadOnlyMemory<byte> file, string source, string? folder, Func<OnnxReader, T> read, bool withoutElements = false)
    {
        var reader = new OnnxReader(file, source, folder) { _withoutElements = withoutElements };
        try
        {
            return read(reader);
        }
        catch (ModelException e) when (reader._path.Count > 0)
        {
            throw new ModelException($"{e.Message} (in {reader.PathText()})", e) { IsUnsupported = e.IsUnsupported };
        }
    }

    private ModelDefinition ReadModel()
    {
        var reader = new ProtobufWireReader(_file.Span, _source);
        var graph = new GraphParts();
        var (hasGraph, ir, version, trainings) = (false, 0L, 0L, 0);
        var (producer, producerVersion, domain, description) = ("", "", "", "");
        var operatorSets = new Dictionary<string, long>(StringComparer.Ordinal);
        var functions = ImmutableArray.CreateBuilder<FunctionDefinition>();
        var properties = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (ModelFields.IrVersion, WireType.Varint): ir = (long)reader.ReadVarint(); break;
                case (ModelFields.ProducerName, WireType.LengthDelimited): producer = Text(ref reader); break;
                case (ModelFields.ProducerVersion, WireType.LengthDelimited): producerVersion = Text(ref reader); break;
                case (ModelFields.Domain, WireType.LengthDelimited): domain = Text(ref reader); break;
                case (ModelFields.ModelVersion, WireType.Varint): version = (long)reader.ReadVarint(); break;
                case (ModelFields.DocString, WireType.LengthDelimited): description = Text(ref reader); break;
                case (ModelFields.Graph, WireType.LengthDelimited):
                    hasGraph = true;
                    ReadGraph(Enter(ref reader, "graph"), graph);
                    Leave();
                    break;
                case (ModelFields.OpsetImport, WireType.LengthDelimited): ReadOperatorSet(Enter(ref reader, "opset_import", operatorSets.Count), operatorSets); break;
                case (ModelFields.MetadataProps, WireType.LengthDelimited): properties.Add(ReadPair(Enter(ref reader, "metadata_props", properties.Count))); break;
                case (ModelFields.TrainingInfo, WireType.LengthDelimited):
                    reader.Skip(wire);
                    trainings++;
                    break;
                case (ModelFields.Functions, WireType.LengthDelimited): functions.Add(ReadFunction(Enter(ref reader, "functions", functions.Count))); break;
                default: reader.Skip(wire); break;
            }
        }
        if (!hasGraph) throw new ModelException($"{_source}: there is no graph: this is not an ONNX model, or it is cut short");
        if (ir > NewestIrVersion) throw new ModelException($"{_source}: IR version {ir} is newer than {NewestIrVersion}, the newest that is known here") { IsUnsupported = true };
        if (operatorSets.Count == 0) operatorSets[""] = 1;
        if (trainings > 0) properties.Add(new("training information", $"{trainings} left out"));
        var metadata = new ModelMetadata(ir, producer, producerVersion, domain, version, description, properties.ToImmutable());
        return new ModelDefinition("onnx", graph.ToDefinition(withoutDefaults: ir < FirstIrVersionWithDefaults), operatorSets, functions.ToImmutable(), metadata, _symbolNames.ToImmutable());
    }

    private void ReadOperatorSet(ProtobufWireReader reader, Dictionary<string, long> operatorSets)
    {
        var (domain, version) = ("", 0L);
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (PairFields.First, WireType.LengthDelimited)) domain = Text(ref reader);
            else if ((field, wire) is (PairFields.Second, WireType.Varint)) version = (long)reader.ReadVarint();
            else reader.Skip(wire);
        }
        operatorSets[Domain(domain)] = version;
        Leave();
    }

    private KeyValuePair<string, string> ReadPair(ProtobufWireReader reader)
    {
        var (key, value) = ("", "");
        while (reader.TryReadTag(out var field, out var wire))
        {
            if ((field, wire) is (PairFields.First, WireType.LengthDelimited)) key = Text(ref reader);
            else if ((field, wire) is (PairFields.Second, WireType.LengthDelimited)) value = Text(ref reader);
            else reader.Skip(wire);
        }
        Leave();
        return new(key, value);
    }

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static string Text(ref ProtobufWireReader reader) => Encoding.UTF8.GetString(reader.ReadBytes());

    /// <summary>Begins a message within a message. What is wrong inside is told with the path to it.</summary>
    private ProtobufWireReader Enter(ref ProtobufWireReader reader, string field, int index = -1)
    {
        var message = reader.ReadMessage();
        _path.Add((field, index));
        return message;
    }

    private void Leave() => _path.RemoveAt(_path.Count - 1);

    private string PathText()
    {
        var text = new StringBuilder();
        foreach (var (field, index) in _path)
        {
            if (text.Length > 0) text.Append('.');
            text.Append(field);
            if (index >= 0) text.Append('[').Append(index).Append(']');
        }
        return text.ToString();
    }

    private ModelException Fault(int offset, string what, bool unsupported = false) => new($"{_source}: byte {offset}: {what}") { IsUnsupported = unsupported };
}
