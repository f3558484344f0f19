using System.Globalization;
using System.Text;
using System.Xml;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>Writes the elements of a PMML 4.4 document to a stream, front to back. Whoever writes keeps the order that the schema asks for.</summary>
internal sealed class PmmlWriter : IDisposable
{
    private const string Namespace = "http://www.dmg.org/PMML-4_4";

    private readonly XmlWriter _xml;

    /// <param name="stream">Stays open.</param>
    public PmmlWriter(Stream stream) =>
        _xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, IndentChars = " ", NewLineChars = "\n" });

    /// <param name="attributes">Those without a value are left out.</param>
    public void Begin(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _xml.WriteStartElement(element, Namespace);
        foreach (var (name, value) in attributes)
        {
            if (value is not null) _xml.WriteAttributeString(name, value);
        }
    }

    public void End() => _xml.WriteEndElement();

    /// <summary>An element without content.</summary>
    public void Element(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(element, attributes);
        End();
    }

    public void Text(string text) => _xml.WriteString(text);

    public void FieldRef(string field) => Element("FieldRef", ("field", field));

    public void Constant(string type, string value)
    {
        Begin("Constant", ("dataType", type));
        Text(value);
        End();
    }

    /// <summary>The schema asks for at least one field.</summary>
    /// <param name="missingAs">Taken for missing values of the active fields.</param>
    /// <param name="texts">Active fields whose values are listed: others are missing.</param>
    public void MiningSchema(IEnumerable<string> targets, IEnumerable<string> active, string? missingAs = null, IReadOnlySet<string>? texts = null)
    {
        Begin("MiningSchema");
        foreach (var target in targets) Element("MiningField", ("name", target), ("usageType", "target"));
        foreach (var field in active) Element("MiningField", ("name", field), ("missingValueReplacement", missingAs), ("invalidValueTreatment", texts?.Contains(field) == true ? "asMissing" : null));
        End();
    }

    /// <summary>Opens the next model of an ensemble, which always takes part.</summary>
    public void BeginSegment(int number)
    {
        Begin("Segment", ("id", Number(number)));
        Element("True");
    }

    public void Dispose() => _xml.Dispose();

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back, as float32, to the same number.</summary>
    public static string Number(float value) => XmlConvert.ToString(value);

    /// <summary>The shortest text that reads back, as float64, to the same number: also for those that are float32, where readers parse float64 and then round.</summary>
    public static string Number(double value) => XmlConvert.ToString(value);
}
