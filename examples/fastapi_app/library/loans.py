"""Who has which book, and until when."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, HTTPException, Request, Response

from library.dependencies import CurrentMember, SettingsDependency, StoreDependency, TodayDependency, find_book
from library.models import LoanIn, LoanOut
from library.store import Loan, Store

router = APIRouter(prefix="/loans", tags=["loans"])


def write_letter(store: Store, text: str) -> None:
    """Stand in for a mail server, which is too slow to keep a borrower waiting at the counter."""
    store.letters.append(text)


@router.post("/", status_code=201, response_model=LoanOut)
async def borrow(
    loan_in: LoanIn,
    request: Request,
    response: Response,
    background: BackgroundTasks,
    member: CurrentMember,
    store: StoreDependency,
    settings: SettingsDependency,
    today: TodayDependency,
) -> Loan:
    """Lend a book; a letter with the date to bring it back follows after the response."""
    book = find_book(loan_in.book_id, store)
    if not book.available:
        raise HTTPException(409, "This book is lent")
    loan = store.lend(book, member, due=today + timedelta(days=settings.loan_days))
    background.add_task(write_letter, store, f"Dear {member.name}, please return {book.title!r} by {loan.due}.")
    response.headers["Location"] = request.app.url_path_for("show_loan", loan_id=loan.id)
    return loan


@router.get("/", response_model=list[LoanOut])
async def list_loans(member: CurrentMember, store: StoreDependency) -> list[Loan]:
    """The loans of the member, and of nobody else."""
    return [loan for loan in store.loans.values() if loan.member_id == member.id]


def find_loan(loan_id: UUID, member: CurrentMember, store: StoreDependency) -> Loan:
    """Other people's loans are 'not found' rather than 'forbidden': what people read is private."""
    loan = store.loans.get(loan_id)
    if loan is None or loan.member_id != member.id:
        raise HTTPException(404, "There is no such loan")
    return loan


@router.get("/{loan_id:uuid}", response_model=LoanOut)
async def show_loan(loan_id: UUID, member: CurrentMember, store: StoreDependency) -> Loan:
    """One loan of the member."""
    return find_loan(loan_id, member, store)


@router.delete("/{loan_id:uuid}", status_code=204)
async def give_back(loan_id: UUID, member: CurrentMember, store: StoreDependency) -> None:
    """Bring a book back: the loan is over and the next reader may have it."""
    store.take_back(find_loan(loan_id, member, store))
