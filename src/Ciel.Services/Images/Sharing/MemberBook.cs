using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Sharing;

/// <summary>Who may share an image, who sees with whom it is shared, and who accepts: the owner shares, the other project answers.</summary>
internal sealed class MemberBook(ImageBook book)
{
    /// <summary>The members that the actor may know of: all for the owner, itself for a member.</summary>
    public static async Task<IReadOnlyList<Member>> List(Reader reader, Actor actor, string imageId)
    {
        var image = await Shared(reader, actor, imageId);
        var members = await MemberStore.Of(reader, image.Id);
        return actor.IsAdmin || image.IsOf(actor) ? members : members.FindAll(m => m.ProjectId == actor.ProjectId);
    }

    public static async Task<Member> Show(Reader reader, Actor actor, string imageId, string projectId) =>
        (await List(reader, actor, imageId)).FirstOrDefault(m => m.ProjectId == projectId) ?? throw Missing(imageId, projectId);

    public async Task<Member> Add(Tx tx, Actor actor, string imageId, string projectId)
    {
        var image = await ImageBook.ForChange(tx, actor, imageId, "share");
        RequireShared(image);
        var members = await MemberStore.Of(tx, imageId);
        if (members.Exists(m => m.ProjectId == projectId))
        {
            throw Fault.Conflict($"The target member {projectId} is already associated with image {imageId}.");
        }

        if (members.Count >= ImageFields.MostMembers)
        {
            throw ImageInput.TooMany("members", members.Count + 1, ImageFields.MostMembers);
        }

        var member = new Member { ImageId = imageId, ProjectId = projectId, Status = Member.Pending, CreatedAt = tx.Now, UpdatedAt = tx.Now };
        await MemberStore.Insert(tx, member);
        await book.Note(tx, actor, "share", imageId, projectId);
        return member;
    }

    public async Task<Member> Answer(Tx tx, Actor actor, string imageId, string projectId, string status)
    {
        var member = await Show(tx, actor, imageId, projectId);
        if (!actor.IsAdmin && !(actor.ProjectId == projectId && actor.Has(Roles.Member)))
        {
            throw Fault.Forbidden("You are not permitted to change the status of this membership; only the project with which the image is shared is.");
        }

        var answered = member with { Status = status, UpdatedAt = tx.Now };
        await MemberStore.SetStatus(tx, answered);
        await book.Note(tx, actor, status, imageId, projectId);
        return answered;
    }

    public async Task Remove(Tx tx, Actor actor, string imageId, string projectId)
    {
        var image = await ImageBook.ForChange(tx, actor, imageId, "share");
        RequireShared(image);
        if (!await MemberStore.Delete(tx, imageId, projectId))
        {
            throw Missing(imageId, projectId);
        }

        await book.Note(tx, actor, "unshare", imageId, projectId);
    }

    private static async Task<Image> Shared(Reader reader, Actor actor, string imageId)
    {
        var image = await ImageStore.Visible(reader, actor, imageId) ?? throw Image.Missing(imageId);
        RequireShared(image);
        return image;
    }

    private static void RequireShared(Image image)
    {
        if (image.Visibility != "shared")
        {
            throw Fault.Forbidden("Only shared images have members.");
        }
    }

    private static Fault Missing(string imageId, string projectId) => Fault.NotFound($"{projectId} not found in the member list of the image {imageId}.");
}
