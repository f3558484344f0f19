using System.Text;
using System.Xml.Linq;

namespace Slipway.Tests.Models.Pmml;

/// <summary>A file that is still well-formed XML, with elements and attributes cut, repeated, moved, renamed or given other values.</summary>
internal static class DamagedElements
{
    private static readonly string[] Values =
    [
        "0", "-1", "1", "2", "2147483647", "-2147483648", "9999999999999", "1e308", "-1e308", "1e-320", "NaN", "INF", "-INF", "0.5", "", " ", "x", "true", "1 2 3",
        "dateDaysSince[1960]", "integer", "string", "double", "boolean", "dateTime",
    ];

    public static byte[] Of(byte[] document, Random random)
    {
        var xml = XDocument.Load(new MemoryStream(document));
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var elements = xml.Root!.Descendants().ToArray();
            if (elements.Length < 2) break;
            Damage(elements[random.Next(elements.Length)], elements[random.Next(elements.Length)], random);
        }
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    private static void Damage(XElement element, XElement other, Random random)
    {
        switch (random.Next(12))
        {
            case 0: element.Remove(); break;
            case 1: element.AddAfterSelf(new XElement(element)); break;
            case 2: other.Add(new XElement(element)); break;
            case 3: other.AddFirst(new XElement(element)); break;
            case 4: element.Name = other.Name; break;
            case 5: element.RemoveNodes(); break;
            case 6 when Attribute(element, random) is { } attribute: attribute.Remove(); break;
            case 7 when Attribute(element, random) is { } attribute && Attribute(other, random) is { } swapped: (attribute.Value, swapped.Value) = (swapped.Value, attribute.Value); break;
            case 8 when Attribute(other, random) is { } attribute: element.SetAttributeValue(attribute.Name, attribute.Value); break;
            case 9 when !element.HasElements && element.Value.Length > 0: element.Value = random.GetItems(Values, 1)[0]; break;
            default:
                if (Attribute(element, random) is { } changed) changed.Value = random.GetItems(Values, 1)[0];
                break;
        }
    }

    private static XAttribute? Attribute(XElement element, Random random)
    {
        var attributes = element.Attributes().Where(a => !a.IsNamespaceDeclaration).ToArray();
        return attributes.Length == 0 ? null : attributes[random.Next(attributes.Length)];
    }
}
