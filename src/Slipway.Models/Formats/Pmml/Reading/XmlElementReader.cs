using System.Text;
using System.Xml;
using Slipway.Core;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>PMML as XML. Document type definitions, and with them entities, are refused.</summary>
internal sealed class XmlElementReader : ElementReader
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    };

    private readonly XmlReader _xml;
    private readonly IXmlLineInfo _lines;

    /// <summary>Files say windows-1252 and the like.</summary>
    static XmlElementReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Moves to the root element.</summary>
    /// <param name="stream">Owned by the reader.</param>
    /// <exception cref="ModelException">It is not XML.</exception>
    public XmlElementReader(Stream stream)
    {
        _xml = XmlReader.Create(stream, Settings);
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

    public override string? Attribute(string name) => _xml.GetAttribute(name);

    public override bool ReadChild(int depth, bool anyNamespace = false)
    {
        if (_xml.Depth == depth && (_xml.NodeType == XmlNodeType.EndElement || _xml.IsEmptyElement)) return false;
        try
        {
            while (_xml.Read())
            {
                if (_xml.NodeType == XmlNodeType.Element)
                {
                    if (_xml.Depth > MaxDepth) throw Fault($"elements are nested more than {MaxDepth} deep");
                    if (_xml.Depth == depth + 1 && (anyNamespace || IsOwn(_xml.NamespaceURI))) return true;
                }
                else if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth)
                {
                    return false;
                }
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
    private static bool IsOwn(string space) => space.Length == 0 || space.Contains("dmg.org/PMML", StringComparison.Ordinal);

    private static ModelException Damaged(XmlException e) =>
        new(e.Message.Contains("DTD", StringComparison.Ordinal) ? $"line {e.LineNumber}, column {e.LinePosition}: a document type definition (DOCTYPE) is refused: remove it" : $"not well-formed XML: {e.Message}", e);
}
