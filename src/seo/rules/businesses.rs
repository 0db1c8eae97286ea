//! Which types of schema.org are businesses, for a graph says the narrowest type alone and what is
//! asked of a business is asked of all of them.

/// The kinds of `FoodEstablishment`, which have a cuisine and a menu.
const FOOD: &str = "FoodEstablishment Bakery BarOrPub Brewery CafeOrCoffeeShop Distillery FastFoodRestaurant
    IceCreamShop Restaurant Winery";

/// The kinds of `LocalBusiness` in schema.org 29, by name.
const BUSINESSES: &str = "
    AccountingService AdultEntertainment AmusementPark AnimalShelter ArchiveOrganization ArtGallery
    Attorney Audiology AutoBodyShop AutoDealer AutoPartsStore AutoRental AutoRepair AutoWash
    AutomatedTeller AutomotiveBusiness Bakery BankOrCreditUnion BarOrPub BeautySalon BedAndBreakfast
    BikeStore BookStore BowlingAlley Brewery CafeOrCoffeeShop Campground Casino ChildCare
    ClothingStore ComedyClub CommunityHealth ComputerStore ConvenienceStore CovidTestingFacility
    DaySpa Dentist DepartmentStore Dermatology DietNutrition Distillery DryCleaningOrLaundry
    Electrician ElectronicsStore Emergency EmergencyService EmploymentAgency EntertainmentBusiness
    ExerciseGym FastFoodRestaurant FinancialService FireStation Florist FoodEstablishment
    FurnitureStore GardenStore GasStation GeneralContractor Geriatric GolfCourse GovernmentOffice
    GroceryStore Gynecologic HVACBusiness HairSalon HardwareStore HealthAndBeautyBusiness HealthClub
    HobbyShop HomeAndConstructionBusiness HomeGoodsStore Hospital Hostel Hotel HousePainter
    IceCreamShop IndividualPhysician InsuranceAgency InternetCafe JewelryStore LegalService Library
    LiquorStore Locksmith LodgingBusiness MedicalBusiness MedicalClinic MensClothingStore Midwifery
    MobilePhoneStore Motel MotorcycleDealer MotorcycleRepair MovieRentalStore MovieTheater
    MovingCompany MusicStore NailSalon NightClub Notary Nursing Obstetric OfficeEquipmentStore
    Oncologic Ophthalmology Optician Optometric Otolaryngologic OutletStore PawnShop Pediatric
    PetStore Pharmacy Physician PhysiciansOffice Physiotherapy PlasticSurgery Plumber Podiatric
    PoliceStation PostOffice PrimaryCare ProfessionalService Psychiatric PublicHealth
    PublicSwimmingPool RadioStation RealEstateAgent RecyclingCenter Resort Restaurant
    RoofingContractor SelfStorage ShoeStore ShoppingCenter SkiResort SportingGoodsStore
    SportsActivityLocation SportsClub StadiumOrArena Store TattooParlor TelevisionStation
    TennisComplex TireShop TouristInformationCenter ToyStore TravelAgency VacationRental
    WholesaleStore Winery";

/// Whether a type is `LocalBusiness` or one of its kinds.
pub fn is_local_business(schema: &str) -> bool {
    schema == "LocalBusiness" || BUSINESSES.split_whitespace().any(|name| name == schema)
}

/// Whether a type is a place that serves food.
pub fn serves_food(schema: &str) -> bool {
    FOOD.split_whitespace().any(|name| name == schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_business_is_a_business_and_a_museum_is_not() {
        for business in ["LocalBusiness", "Bakery", "Dentist", "ArtGallery", "Hostel", "Store"] {
            assert!(is_local_business(business), "{business}");
        }
        for other in ["Museum", "Park", "Place", "Mosque", "Organization", ""] {
            assert!(!is_local_business(other), "{other}");
        }
        assert!(FOOD.split_whitespace().all(is_local_business));
        assert!(serves_food("CafeOrCoffeeShop") && !serves_food("BookStore"));
    }
}
