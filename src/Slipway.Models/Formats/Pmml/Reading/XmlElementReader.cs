using System.Text;
using System.Xml;
using Slipway.Core;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>PMML as XML. Document type definitions, and with them entities, are refused.</summary>
internal sealed class XmlElementReader : ElementReader
{
    /// <summary>The reader itself asks for a few thousand bytes at a time.</summary>
    private const int BufferSize = 1 << 16;

    /// <summary>Most of what large files consist of. Names in the reader's table are these very objects: they are told apart without a look at their characters.</summary>
    private static readonly string[] FrequentNames =
    [
        "Node", "True", "False", "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate", "Array", "ScoreDistribution", "Extension",
        "id", "score", "recordCount", "defaultChild", "field", "operator", "booleanOperator", "value", "probability", "confidence", "n", "type",
    ];

    private readonly XmlReader _xml;
    private readonly IXmlLineInfo _lines;

    /// <summary>The namespace of PMML that was met last, as the reader's own object.</summary>
    private string _space = "";
    private bool _hasAttributes = true;

    /// <summary>Files say windows-1252 and the like.</summary>
    static XmlElementReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Moves to the root element.</summary>
    /// <param name="stream">Owned by the reader.</param>
    /// <exception cref="ModelException">It is not XML.</exception>
    public XmlElementReader(Stream stream)
    {
        _xml = XmlReader.Create(new BufferedStream(stream, BufferSize), Settings());
        _lines = (IXmlLineInfo)_xml;
        try
        {
            _xml.MoveToContent();
        }
        catch (XmlException e)
        {
            _xml.Dispose();
            throw Damaged(e);
        }
    }

    public override string Name => _xml.LocalName;

    public override int Depth => _xml.Depth;

    public override Place Place => new(_xml.LocalName, _lines.LineNumber, _lines.LinePosition);

    public override string? Attribute(string name) => _hasAttributes ? _xml.GetAttribute(name) : null;

    public override bool ReadChild(int depth, bool anyNamespace = false)
    {
        if (_xml.Depth == depth && (_xml.NodeType == XmlNodeType.EndElement || _xml.IsEmptyElement)) return false;
        try
        {
            while (_xml.Read())
            {
                var type = _xml.NodeType;
                if (type == XmlNodeType.Element)
                {
                    var at = _xml.Depth;
                    if (at > MaxDepth) throw Fault($"elements are nested more than {MaxDepth} deep");
                    if (at != depth + 1 || !(anyNamespace || IsOwn(_xml.NamespaceURI))) continue;
                    _hasAttributes = _xml.HasAttributes;
                    return true;
                }
                if (type == XmlNodeType.EndElement && _xml.Depth == depth) return false;
            }
        }
        catch (XmlException e)
        {
            throw Damaged(e);
        }
        throw Fault("the document ends inside it");
    }

    public override string ReadText()
    {
        if (_xml.IsEmptyElement) return "";
        var depth = _xml.Depth;
        var first = "";
        StringBuilder? more = null;
        try
        {
            while (_xml.Read())
            {
                if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth) return more?.ToString() ?? first;
                if (_xml.Depth != depth + 1 || _xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)) continue;
                if (first.Length == 0) first = _xml.Value;
                else (more ??= new StringBuilder(first)).Append(_xml.Value);
            }
        }
        catch (XmlException e)
        {
            throw Damaged(e);
        }
        throw Fault("the document ends inside it");
    }

    public override void Dispose() => _xml.Dispose();

    /// <summary>PMML's namespace changes with every version, and old files have none.</summary>
    private bool IsOwn(string space)
    {
        if (ReferenceEquals(space, _space)) return true;
        if (space.Length > 0 && !space.Contains("dmg.org/PMML", StringComparison.Ordinal)) return false;
        _space = space;
        return true;
    }

    private static XmlReaderSettings Settings()
    {
        var names = new NameTable();
        foreach (var name in FrequentNames) names.Add(name);
        return new XmlReaderSettings
        {
            NameTable = names,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CloseInput = true,
        };
    }

    private static ModelException Damaged(XmlException e) =>
        new(e.Message.Contains("DTD", StringComparison.Ordinal) ? $"line {e.LineNumber}, column {e.LinePosition}: a document type definition (DOCTYPE) is refused: remove it" : $"not well-formed XML: {e.Message}", e);
}
